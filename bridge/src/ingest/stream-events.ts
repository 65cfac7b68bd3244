import { checkEvent, type FlowEvent } from '@flow-tracking/protocol';
import { messageOf } from '../errors';
import type { SendToDeadLetters } from './dead-letters';
import type { StreamEntry } from './history-stream';

/** An event with what it takes, about. */
export interface SizedEvent {
  event: FlowEvent;
  /** Of its JSON text. */
  bytes: number;
}

/** Of no middleware's event; Postgres would take minutes, or none of it. */
const MAX_EVENT_BYTES = 8 * 1024 * 1024;
/** Below this, events of an entry count as equally large. */
const SMALL_ENTRY_BYTES = 256 * 1024;

/** A block of this one event; of one that is nested too deep to be written, what is flat. */
export function textOf(event: unknown): string {
  try {
    return JSON.stringify([event]);
  } catch {
    const flat = Object.entries(event as object).filter(([, value]) => typeof value !== 'object');
    return JSON.stringify([Object.fromEntries(flat)]);
  }
}

function sizeOf(event: unknown, entryBytes: number): number {
  try {
    return JSON.stringify(event).length;
  } catch {
    return entryBytes;
  }
}

/** The events of an entry; what is none is dead-lettered, each by itself. Whatever a producer sent, it is read to its end. */
export async function readEvents(
  sendToDeadLetters: SendToDeadLetters,
  { events: text, bytes, isCut }: StreamEntry,
): Promise<SizedEvent[]> {
  // Trimmed while it was pending: counted where the stream is measured.
  if (text === null) return [];
  if (isCut) {
    await sendToDeadLetters(text, `entry: expected fewer bytes, got ${bytes}`, bytes);
    return [];
  }
  let block: unknown;
  try {
    block = JSON.parse(text);
  } catch (error) {
    await sendToDeadLetters(text, messageOf(error));
    return [];
  }
  const items = Array.isArray(block) ? (block as unknown[]) : [block];
  const averageBytes = Math.ceil(bytes / Math.max(1, items.length));
  const events: SizedEvent[] = [];
  for (const item of items) {
    const size = bytes > SMALL_ENTRY_BYTES ? sizeOf(item, bytes) : averageBytes;
    try {
      checkEvent(item);
    } catch (error) {
      await sendToDeadLetters(textOf(item), messageOf(error));
      continue;
    }
    if (size > MAX_EVENT_BYTES) {
      await sendToDeadLetters(textOf(item), `event: expected at most ${MAX_EVENT_BYTES} bytes, got ${size}`);
    } else events.push({ event: item, bytes: size });
  }
  return events;
}
