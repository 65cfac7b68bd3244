import { useLayoutEffect, useState, type RefObject } from 'react';
import type { Size } from './camera';

/** The size of an element, px; 0×0 until it is known. */
export function useSize(element: RefObject<HTMLElement>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    const read = (): void =>
      setSize((known) =>
        known.width === target.clientWidth && known.height === target.clientHeight
          ? known
          : { width: target.clientWidth, height: target.clientHeight },
      );
    read();
    const observer = new ResizeObserver(read);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
