import { setTimeout as delay } from 'node:timers/promises';
import { step } from './step';

const MODEL = 'simulated-research-1';
const SOURCES = ['web', 'library', 'archive'];
const FAILS = 0.15;

/** Waits `ms`, give or take a quarter. */
const pause = (ms: number): Promise<void> => delay(ms * (0.75 + Math.random() / 2));

async function think(purpose: string, tookMs: number, outputTokens: number): Promise<void> {
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'simulated',
    'gen_ai.request.model': MODEL,
    'research.purpose': purpose,
  };
  await step(`chat ${MODEL}`, attributes, async (span) => {
    await pause(tookMs);
    span.setAttributes({
      'gen_ai.usage.input_tokens': 900,
      'gen_ai.usage.output_tokens': outputTokens,
      'gen_ai.response.finish_reasons': ['stop'],
    });
  });
}

/** @returns whether it found something; a source that is away fails its own step alone */
function search(source: string): Promise<boolean> {
  const attributes = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': `search_${source}` };
  return step(`execute_tool search_${source}`, attributes, async () => {
    await pause(1_500);
    if (Math.random() < FAILS) throw new Error(`the ${source} does not answer`);
    return true;
  }).catch(() => false);
}

/** Plans, searches all sources at once, and writes an answer. */
export async function research(question: string, userId: string): Promise<string> {
  const attributes = {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': 'research',
    'user.id': userId,
    'session.id': `${userId}-research`,
  };
  return step('research', attributes, async () => {
    await think('plan', 1_200, 180);
    const found = await Promise.all(SOURCES.map(search));
    await think('write', 2_500, 640);
    return `${question} ${found.filter(Boolean).length} of ${SOURCES.length} sources had an answer.`;
  });
}
