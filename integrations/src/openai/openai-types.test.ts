import { AzureOpenAI, OpenAI } from 'openai';
import type { APIPromise } from 'openai';
import type { Stream } from 'openai/streaming';
import { trackOpenAI } from '@flow-tracking/integrations/openai';

/** True only for one and the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const typed =
  <Expected>() =>
  <Given>(_given: Given, same: Same<Expected, Given>): boolean =>
    same;

class Own extends OpenAI {
  readonly team = 'a';
}

it('changes no type of a client', () => {
  const openai = trackOpenAI(new OpenAI({ apiKey: 'k' }));
  const own = trackOpenAI(new Own({ apiKey: 'k' }), { content: true, provider: 'groq' });
  const azure = trackOpenAI(new AzureOpenAI({ apiKey: 'k', apiVersion: '1', endpoint: 'http://localhost' }));
  const ask = () => openai.chat.completions.create({ model: 'm', messages: [] });
  const stream = () => openai.chat.completions.create({ model: 'm', messages: [], stream: true });
  // @ts-expect-error -- no such option
  trackOpenAI(openai, { contents: true });
  expect([
    typed<OpenAI>()(openai, true),
    typed<Own>()(own, true),
    typed<AzureOpenAI>()(azure, true),
    typed<() => APIPromise<OpenAI.ChatCompletion>>()(ask, true),
    typed<() => APIPromise<Stream<OpenAI.ChatCompletionChunk>>>()(stream, true),
  ]).toEqual([true, true, true, true, true]);
});

it('refuses what is no client', () => {
  // @ts-expect-error -- no client
  expect(() => trackOpenAI({})).toThrow(
    expect.objectContaining({
      code: 'invalid_client',
      message: 'Expected a client of the package openai; got object without the method post',
    }),
  );
});
