import type { AttributesInput } from '@flow-tracking/express';
import { fieldsOf } from './fields';
import type { ModelCall } from './model-call';

/** Ends a call that has thrown, or whose signal says stop. That a time is over is a failure; that nobody wants the answer is none. */
export function failOrAbort(
  call: ModelCall,
  error: unknown,
  signal: AbortSignal | undefined,
  known?: AttributesInput,
): void {
  const isStopped = signal?.aborted === true && fieldsOf(signal.reason)['name'] !== 'TimeoutError';
  if (isStopped) call.abort(known);
  else call.fail(error, known);
}
