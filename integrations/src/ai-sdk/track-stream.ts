import type { ModelCall } from '../shared/model-call';
import { quietly } from '../shared/quietly';
import { answerAttributes, type AskedTool } from './model-answer';
import { failOrAbort } from '../shared/stopped';
import { partReader } from './stream-reader';

/**
 * Passes the parts of a stream on as they are asked for, and reads them.
 *
 * @param signal by which the application stops the call. It may never read on then, so the signal is listened to.
 * @param onTool called for each tool that the model asks for, before the application knows of it
 */
export function trackStream(
  stream: ReadableStream<unknown>,
  call: ModelCall,
  hasContent: boolean,
  signal: AbortSignal | undefined,
  onTool: (tool: AskedTool) => void,
): ReadableStream<unknown> {
  const reader = stream.getReader();
  const parts = partReader(hasContent);
  const known = () => quietly(() => answerAttributes(parts.told(), hasContent)) ?? {};

  const onAbort = (): void => {
    failOrAbort(call, signal?.reason, signal, known());
  };
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const forget = (): void => {
    signal?.removeEventListener('abort', onAbort);
  };

  function finish(): void {
    forget();
    const failure = parts.failure();
    if (failure === undefined) call.end(known());
    else failOrAbort(call, failure.error, signal, known());
  }

  return new ReadableStream<unknown>(
    {
      async pull(controller) {
        let next: Awaited<ReturnType<typeof reader.read>>;
        try {
          next = await reader.read();
        } catch (error) {
          forget();
          failOrAbort(call, error, signal, known());
          throw error;
        }
        if (next.done) {
          finish();
          controller.close();
          return;
        }
        const { value } = next;
        const read = quietly(() => parts.read(value));
        if (read?.tool !== undefined) onTool(read.tool);
        call.chunk(read?.isOutput ?? false);
        controller.enqueue(value);
      },
      cancel(reason) {
        finish();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
