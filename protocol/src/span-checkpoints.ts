import { ATTRIBUTES } from './attributes';
import { LIMITS } from './limits';

/** Stands for a call of a model. */
export const MODEL = 'llm_thinking';
/** Stands for a tool that runs. */
export const TOOL = 'tool_call';

/**
 * The checkpoint that stands for an OpenTelemetry span, by the attribute that tells what the span is. The first is that of the
 * conventions. The others are of the AI SDK, of Traceloop and of OpenInference, who do not all set it. Other spans keep their name.
 */
const CHECKPOINTS: readonly (readonly [attribute: string, checkpoints: ReadonlyMap<unknown, string>])[] = [
  [
    ATTRIBUTES.operationName,
    new Map([
      ['chat', MODEL],
      ['text_completion', MODEL],
      ['generate_content', MODEL],
      ['embeddings', MODEL],
      ['execute_tool', TOOL],
    ]),
  ],
  [
    'ai.operationId',
    new Map([
      ['ai.generateText.doGenerate', MODEL],
      ['ai.streamText.doStream', MODEL],
      ['ai.generateObject.doGenerate', MODEL],
      ['ai.streamObject.doStream', MODEL],
      ['ai.embed.doEmbed', MODEL],
      ['ai.embedMany.doEmbed', MODEL],
      ['ai.toolCall', TOOL],
    ]),
  ],
  [
    'llm.request.type',
    new Map([
      ['chat', MODEL],
      ['completion', MODEL],
      ['embedding', MODEL],
    ]),
  ],
  ['traceloop.span.kind', new Map([['tool', TOOL]])],
  [
    'openinference.span.kind',
    new Map([
      ['LLM', MODEL],
      ['EMBEDDING', MODEL],
      ['TOOL', TOOL],
    ]),
  ],
];

/** Attributes that name user and session of a span, as the conventions have them. The first that is there counts. */
export const SPAN_USER = ['user.id', 'enduser.id'] as const;
export const SPAN_SESSION = ['session.id', ATTRIBUTES.conversationId] as const;

/** What a checkpoint keeps of its span, so that the span can be found again and sent on. */
export const SPAN_ATTRIBUTES = {
  /** In hex, as OTLP/JSON has it. */
  spanId: 'otel.span_id',
  /** Left out for a root. By it a parent that comes a day later finds its children. */
  parentSpanId: 'otel.parent_span_id',
  /** Left out where it names the checkpoint. */
  spanName: 'otel.span_name',
} as const;

const UNNAMED = 'span';
/** No character takes more bytes of UTF-8 for each of its UTF-16 units. */
const MAX_BYTES_A_UNIT = 3;

/** A name within `LIMITS.nameBytes`, never empty. */
export function spanText(text: string): string {
  const wellFormed = text.toWellFormed();
  if (wellFormed.length * MAX_BYTES_A_UNIT <= LIMITS.nameBytes) return wellFormed || UNNAMED;
  // Cutting may leave half a pair.
  return wellFormed.slice(0, Math.floor(LIMITS.nameBytes / MAX_BYTES_A_UNIT)).toWellFormed();
}

/** The checkpoint of a span whose attributes tell what it is; undefined: they do not, so far. */
export function toldCheckpoint(attributes: Readonly<Record<string, unknown>>): string | undefined {
  for (const [attribute, checkpoints] of CHECKPOINTS) {
    const checkpoint = checkpoints.get(attributes[attribute]);
    if (checkpoint !== undefined) return checkpoint;
  }
  return undefined;
}

/** Names the checkpoint of a span. */
export function checkpointOfSpan(spanName: string, attributes: Readonly<Record<string, unknown>>): string {
  return toldCheckpoint(attributes) ?? spanText(spanName);
}
