import { Anthropic, type APIPromise } from '@anthropic-ai/sdk';
import type { Stream } from '@anthropic-ai/sdk/streaming';
import { trackAnthropic } from '@flow-tracking/integrations/anthropic';

/** True only for one and the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const typed =
  <Expected>() =>
  <Given>(_given: Given, same: Same<Expected, Given>): boolean =>
    same;

class Own extends Anthropic {
  readonly team = 'a';
}

it('changes no type of a client', () => {
  const anthropic = trackAnthropic(new Anthropic({ apiKey: 'k' }));
  const own = trackAnthropic(new Own({ apiKey: 'k' }), { content: true, provider: 'aws.bedrock' });
  const ask = { model: 'm', max_tokens: 9, messages: [] };
  const whole = () => anthropic.messages.create(ask);
  const stream = () => anthropic.messages.create({ ...ask, stream: true });
  // @ts-expect-error -- no such option
  trackAnthropic(anthropic, { contents: true });
  expect([
    typed<Anthropic>()(anthropic, true),
    typed<Own>()(own, true),
    typed<() => APIPromise<Anthropic.Message>>()(whole, true),
    typed<() => APIPromise<Stream<Anthropic.RawMessageStreamEvent>>>()(stream, true),
  ]).toEqual([true, true, true, true]);
});

it('refuses what is no client', () => {
  // @ts-expect-error -- no client
  expect(() => trackAnthropic({})).toThrow(
    expect.objectContaining({
      code: 'invalid_client',
      message: 'Expected a client of the package @anthropic-ai/sdk; got object without the method post',
    }),
  );
});
