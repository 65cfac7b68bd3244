import { OpenAI } from 'openai';
import { flowOfLeavingClient } from '../testing/leaving-client';
import { events, startModelServer } from '../testing/model-server';
import { trackOpenAI } from './index';

it('ends as aborted with the flow of a client that leaves', async () => {
  const server = await startModelServer();
  const piece = {
    id: '1',
    object: 'chat.completion.chunk',
    model: 'm',
    choices: [{ index: 0, delta: { content: 'a' } }],
  };
  server.answers = [events([piece], null)];
  const openai = trackOpenAI(new OpenAI({ apiKey: 'k', baseURL: server.url }));
  const flow = await flowOfLeavingClient(async (req, res) => {
    const stream = await openai.chat.completions.create(
      { model: 'm', messages: [], stream: true },
      { signal: req.flow.signal },
    );
    for await (const chunk of stream) res.write(chunk.choices[0]?.delta.content);
  });
  expect(flow).toMatchObject({
    status: 'aborted',
    checkpoints: [{ name: 'llm_thinking', status: 'aborted', error: null, attributes: { 'flow.unended': true } }],
  });
  await server.close();
});
