import { type FlowSpan, parentIdOf } from './span';

/** What the AI SDK calls an operation. That of a call (`ai.streamText`) begins that of its steps (`ai.streamText.doStream`). */
const operationOf = ({ attributes }: FlowSpan): string | undefined => {
  const operation = attributes['ai.operationId'];
  return typeof operation === 'string' ? operation : undefined;
};

/**
 * Those open spans that are steps of a call, which can not go on without it. When the application stops a stream, the AI SDK
 * ends the span of the call, and leaves that of the step open for good.
 *
 * @param open by the id of the span
 */
export function stepsOf<Open extends { readonly span: FlowSpan }>(
  call: FlowSpan,
  open: ReadonlyMap<string, Open>,
): [spanId: string, step: Open][] {
  const operation = operationOf(call);
  if (operation === undefined) return [];
  const { spanId } = call.spanContext();
  return [...open].filter(
    ([, { span }]) => parentIdOf(span) === spanId && operationOf(span)?.startsWith(`${operation}.`) === true,
  );
}
