import { t } from '../../../texts/t';
import { formatFixed } from '../../format';
import type { TimeWindow } from './time-window';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Steps of minutes and hours that clocks have; below a second and above an hour they are 1, 2 and 5. */
const CLOCK_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600].map((seconds) => seconds * SECOND);
const DECIMAL_STEPS = [1, 2, 5, 10];

/** A line of the axis. */
export interface Tick {
  /** Ms since the flow's start. */
  readonly atMs: number;
  readonly text: string;
}

function decimalStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return (DECIMAL_STEPS.find((step) => step * power >= rough) ?? 10) * power;
}

function stepFrom(rough: number): number {
  if (rough <= SECOND / 2) return decimalStep(rough);
  return CLOCK_STEPS.find((step) => step >= rough) ?? decimalStep(rough / HOUR) * HOUR;
}

function clockText(value: number, unitMs: number): string {
  const whole = Math.floor(value / unitMs);
  const rest = Math.round((value % unitMs) / (unitMs / 60));
  return rest === 0 ? `${whole}` : `${whole}:${String(rest).padStart(2, '0')}`;
}

/** `0`, `20 ms`, `1.5 s`, `2 min`, `1:30 min`, `1:15 h`: one unit a tick, with the decimals that its step needs. */
function tickText(atMs: number, stepMs: number): string {
  if (atMs === 0) return '0';
  const sign = atMs < 0 ? '−' : '';
  const value = Math.abs(atMs);
  const decimals = (unitMs: number): number => Math.max(0, Math.ceil(-Math.log10(stepMs / unitMs) - 1e-9));
  if (value < SECOND && stepMs < SECOND)
    return t('format.milliseconds', { ms: sign + formatFixed(value, decimals(1)) });
  if ((value < 2 * MINUTE && stepMs < MINUTE) || stepMs < SECOND) {
    return t('format.seconds', { seconds: sign + formatFixed(value / SECOND, decimals(SECOND)) });
  }
  return value >= 2 * HOUR && stepMs >= MINUTE
    ? t('format.axis.hours', { time: sign + clockText(value, HOUR) })
    : t('format.axis.minutes', { time: sign + clockText(value, MINUTE) });
}

/** Ticks at round times within the window, about `count` of them and never more than twice as many. */
export function axisTicks({ fromMs, toMs }: TimeWindow, count: number): Tick[] {
  const step = stepFrom(Math.max(toMs - fromMs, Number.EPSILON) / Math.max(count, 1));
  const ticks: Tick[] = [];
  for (let i = Math.ceil(fromMs / step - 1e-9); i * step <= toMs; i++) {
    ticks.push({ atMs: i * step, text: tickText(i * step, step) });
  }
  return ticks;
}
