import { createOpenAI, type OpenAIProvider } from '@ai-sdk/openai';
import type { LanguageModelV3 } from '@ai-sdk/provider';
import { generateText, type LanguageModel, tool } from 'ai';
import { z } from 'zod';
import { trackModel, trackTools } from '@flow-tracking/integrations/ai-sdk';

/** True only for one and the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const typed =
  <Expected>() =>
  <Given>(_given: Given, same: Same<Expected, Given>): boolean =>
    same;

it('changes no type of a model, nor of tools', () => {
  const plain = createOpenAI({ apiKey: 'k' })('gpt-5');
  const model = trackModel(plain, { content: true });
  const tools = {
    search: tool({ inputSchema: z.object({ q: z.string() }), execute: ({ q }) => q.length }),
    confirm: tool({ inputSchema: z.object({}), outputSchema: z.boolean() }),
  };
  const tracked = trackTools(tools);
  const any: LanguageModel = model;
  const ask = async () => (await generateText({ model: any, prompt: '', tools: tracked })).staticToolResults[0]?.output;
  // @ts-expect-error -- no such option
  trackModel(model, { contents: true });
  expect([
    typed<ReturnType<OpenAIProvider>>()(model, true),
    typed<LanguageModelV3>()(trackModel<LanguageModelV3>(plain), true),
    typed<typeof tools>()(tracked, true),
    typed<() => Promise<number | boolean | undefined>>()(ask, true),
  ]).toEqual([true, true, true, true]);
});

it('leaves tools that the client runs, and what else a tool has, as they are', () => {
  const tools = {
    confirm: tool({ inputSchema: z.object({}), outputSchema: z.boolean() }),
    search: tool({ description: 'Finds.', inputSchema: z.object({}), needsApproval: true, execute: () => 'x' }),
  };
  const tracked = trackTools(tools);
  expect(tracked.confirm).toBe(tools.confirm);
  expect(tracked.search).toEqual({ ...tools.search, execute: expect.any(Function) });
  expect(tools.search.execute).not.toBe(tracked.search.execute);
});

it('refuses what is no model', () => {
  // @ts-expect-error -- the name of a model is none
  expect(() => trackModel('openai/gpt-5')).toThrow(
    expect.objectContaining({
      code: 'invalid_client',
      message: 'Expected a language model of the AI SDK; got string without the method doGenerate',
    }),
  );
});
