import { Anthropic } from '@anthropic-ai/sdk';
import { flowOfLeavingClient } from '../testing/leaving-client';
import { events, startModelServer } from '../testing/model-server';
import { trackAnthropic } from './index';

it('ends as aborted with the flow of a client that leaves', async () => {
  const server = await startModelServer();
  server.answers = [
    events([{ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a' } }], null),
  ];
  const anthropic = trackAnthropic(new Anthropic({ apiKey: 'k', baseURL: server.url }));
  const flow = await flowOfLeavingClient(async (req, res) => {
    const stream = await anthropic.messages.create(
      { model: 'm', max_tokens: 9, messages: [], stream: true },
      { signal: req.flow.signal },
    );
    for await (const { type } of stream) res.write(type);
  });
  expect(flow).toMatchObject({
    status: 'aborted',
    checkpoints: [{ name: 'llm_thinking', status: 'aborted', error: null, attributes: { 'flow.unended': true } }],
  });
  await server.close();
});
