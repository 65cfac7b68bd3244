import { flowIdProcess } from '@flow-tracking/protocol';
import { createBatchLimit } from './batch-limit';
import { createDeadLetterSender } from './dead-letters';
import { createEventWriter } from './event-writer';
import type { BatchOptions } from './history-batch';
import type { StreamEntry } from './history-stream';
import type { ProcessPartitions } from './process-partitions';
import { readEvents, type SizedEvent } from './stream-events';

/**
 * Writes entries and settles them.
 *
 * @returns the number of events they held
 */
export type WriteEntries = (entries: readonly StreamEntry[]) => Promise<number>;

export function createEntryWriter(options: BatchOptions & { processes: ProcessPartitions }): WriteEntries {
  const { stream, partition, processes } = options;
  const sendToDeadLetters = createDeadLetterSender({ ...options, stream: stream.name });
  const events = createEventWriter(options, createBatchLimit(), sendToDeadLetters);

  return async (entries) => {
    if (entries.length === 0) return 0;
    const read: SizedEvent[] = [];
    for (const entry of entries) {
      let last = '';
      for (const sized of await readEvents(sendToDeadLetters, entry)) {
        read.push(sized);
        const process = flowIdProcess(sized.event.flow_id);
        if (process !== last) processes.saw(process, partition);
        last = process;
      }
    }
    await events.write(read);
    await stream.settle(entries.map((entry) => entry.id));
    events.settled();
    return read.length;
  };
}
