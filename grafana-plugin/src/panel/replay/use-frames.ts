import { useEffect, useRef } from 'react';

/** Time that is not to move smoothly moves this often. */
const STEP_MS = 500;

/**
 * Calls back for each frame while it runs, and for whoever asked for less motion in steps. It stops with the component.
 */
export function useFrames(runs: boolean, calm: boolean, onFrame: () => void): void {
  const latest = useRef(onFrame);
  latest.current = onFrame;
  useEffect(() => {
    if (!runs) return;
    if (calm) {
      const timer = setInterval(() => latest.current(), STEP_MS);
      return () => clearInterval(timer);
    }
    let request = requestAnimationFrame(function frame() {
      request = requestAnimationFrame(frame);
      latest.current();
    });
    return () => cancelAnimationFrame(request);
  }, [runs, calm]);
}
