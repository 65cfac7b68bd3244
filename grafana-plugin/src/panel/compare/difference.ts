import type { CheckpointStatus } from '@flow-tracking/protocol';
import type { PanelNode } from '../../frames/panel-flow';
import { t } from '../../texts/t';
import { flowStatusText } from '../format';
import { endOf, beginOf } from '../layout/node-span';
import type { FormatDuration } from '../looks';

/** How a node differs from the one beside it. */
export type Difference =
  | { readonly kind: 'onlyHere' | 'onlyThere' }
  /** One of them has not ended, so nothing can be said yet. */
  | { readonly kind: 'running'; readonly ownMs: number | null }
  | { readonly kind: 'status'; readonly own: CheckpointStatus; readonly other: CheckpointStatus }
  /** `isMarked`: by more than chance. */
  | { readonly kind: 'duration'; readonly ownMs: number; readonly byMs: number; readonly isMarked: boolean };

/** Durations differ by chance: up to this share of the other, and up to so many ms. */
const CHANCE = { share: 0.1, ms: 20 } as const;

export function durationOf(node: PanelNode): number {
  return endOf(node, node.startedTs) - beginOf(node);
}

/** @param nowTs the servers' time, for what runs */
export function differenceOf(own: PanelNode | undefined, other: PanelNode | undefined, nowTs: number): Difference {
  if (own === undefined) return { kind: 'onlyThere' };
  if (other === undefined) return { kind: 'onlyHere' };
  if (own.status === 'running') return { kind: 'running', ownMs: endOf(own, nowTs) - own.startedTs };
  if (other.status === 'running') return { kind: 'running', ownMs: null };
  if (own.status !== other.status) return { kind: 'status', own: own.status, other: other.status };
  const [ownMs, otherMs] = [durationOf(own), durationOf(other)];
  const byMs = ownMs - otherMs;
  return { kind: 'duration', ownMs, byMs, isMarked: isMoreThanChance(byMs, otherMs) };
}

/** Whether a duration differs from another by more than chance. */
export function isMoreThanChance(byMs: number, otherMs: number): boolean {
  return Math.abs(byMs) > CHANCE.ms && Math.abs(byMs) > CHANCE.share * otherMs;
}

/** Whether the row stays when only differences are shown. */
export function isDifferent(difference: Difference): boolean {
  return difference.kind === 'duration' ? difference.isMarked : difference.kind !== 'running';
}

/** Whether more of it is bad or good: a longer duration and a failure are worse. */
export type Tone = 'none' | 'worse' | 'better' | 'shape';

export function toneOf(difference: Difference): Tone {
  switch (difference.kind) {
    case 'onlyHere':
    case 'onlyThere':
      return 'shape';
    case 'running':
      return 'none';
    case 'status':
      return difference.own === 'ok' ? 'better' : difference.other === 'ok' ? 'worse' : 'none';
    case 'duration':
      return !difference.isMarked ? 'none' : difference.byMs > 0 ? 'worse' : 'better';
  }
}

/** `+4 ms`, `−1.2 s`; empty for less than a millisecond. */
export function signedDuration(ms: number, duration: FormatDuration): string {
  if (Math.abs(ms) < 1) return '';
  return `${ms > 0 ? '+' : '−'}${duration(Math.abs(ms))}`;
}

/** `31 ms +4 ms`, `failed, was ok`, `only here`, `2.4 s running`. */
export function differenceText(difference: Difference, duration: FormatDuration): string {
  switch (difference.kind) {
    case 'onlyHere':
      return t('compare.only-here');
    case 'onlyThere':
      return t('compare.only-there');
    case 'running':
      return difference.ownMs === null
        ? t('compare.runs-there')
        : t('compare.running', { duration: duration(difference.ownMs) });
    case 'status':
      return t('compare.by-status', {
        own: flowStatusText(difference.own),
        other: flowStatusText(difference.other),
      });
    case 'duration': {
      const by = signedDuration(difference.byMs, duration);
      return by === '' ? duration(difference.ownMs) : `${duration(difference.ownMs)} ${by}`;
    }
  }
}
