import type { CheckpointStatus } from '@flow-tracking/protocol';
import type { Pen } from '../../pen';

export const ICON_RADIUS = 8;

interface Icon {
  readonly status: CheckpointStatus;
  readonly color: string;
  /** Of the ring while it runs, radians. */
  readonly angle: number;
  /** A failure that only passes on a child's: a cross without its red ground. */
  readonly passedOn: boolean;
}

type Context = Pen;

function line(context: Context, ...points: readonly (readonly [number, number])[]): void {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}

function disc(context: Context, color: string): void {
  const { globalAlpha } = context;
  context.globalAlpha = 0.2 * globalAlpha;
  context.fillStyle = color;
  context.beginPath();
  context.arc(0, 0, ICON_RADIUS, 0, 2 * Math.PI);
  context.fill();
  context.globalAlpha = globalAlpha;
}

/** A tick, a cross, a turning ring, or a circle for what was cut short: told apart by shape as well as colour. */
export function drawIcon(context: Context, x: number, y: number, { status, color, angle, passedOn }: Icon): void {
  context.save();
  context.translate(x, y);
  context.strokeStyle = color;
  context.lineWidth = 1.7;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  if (status === 'ok') line(context, [-4, 0.4], [-1.3, 3.1], [4, -2.4]);
  else if (status === 'error') {
    if (!passedOn) disc(context, color);
    line(context, [-2.6, -2.6], [2.6, 2.6]);
    line(context, [2.6, -2.6], [-2.6, 2.6]);
  } else if (status === 'running') {
    disc(context, color);
    context.beginPath();
    context.arc(0, 0, 4, angle, angle + 1.35 * Math.PI);
    context.stroke();
  } else {
    context.beginPath();
    context.arc(0, 0, 5.5, 0, 2 * Math.PI);
    context.stroke();
    if (status === 'timed_out') line(context, [0, -2.8], [0, 0], [1.9, 1.4]);
    else if (status === 'lost') {
      line(context, [0, -2.6], [0, 0.4]);
      line(context, [0, 2.6], [0, 2.7]);
    } else line(context, [-2, 0], [2, 0]);
  }
  context.restore();
}
