import React from 'react';
import { useNow } from '../ticker';
import { useReducedMotion } from '../use-reduced-motion';
import { useClockOffset } from './clock-context';
import { useLooks } from './looks-context';

interface Props {
  /** Epoch ms. */
  startedTs: number;
  /** Null while it runs: then the time since its start, which moves. */
  durationMs: number | null;
  className?: string;
}

/** A duration; that of something that runs counts up. */
export function Elapsed({ startedTs, durationMs, className }: Props) {
  const calm = useReducedMotion();
  const looks = useLooks();
  const offsetMs = useClockOffset();
  const nowTs = useNow(durationMs !== null ? 'idle' : calm ? 'calm' : 'fast');
  const ms = durationMs ?? Math.max(0, nowTs - offsetMs - startedTs);
  return <span className={className}>{looks.duration(ms)}</span>;
}
