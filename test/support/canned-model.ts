import {
  events,
  json,
  type ModelRequest,
  type ModelServer,
  startModelServer,
} from '../../integrations/src/testing/model-server';

const completion = { id: 'chatcmpl-1', created: 1, model: 'gpt' };
const usage = { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 };
const choice = { index: 0, finish_reason: 'stop' };
const chatWhole = {
  ...completion,
  object: 'chat.completion',
  choices: [{ ...choice, message: { role: 'assistant', content: '42' } }],
  usage,
};
const chatStream = [
  {
    ...completion,
    object: 'chat.completion.chunk',
    choices: [{ ...choice, delta: { role: 'assistant', content: '42' } }],
  },
  { ...completion, object: 'chat.completion.chunk', choices: [], usage },
];

const message = { type: 'message', id: 'm1', role: 'assistant', status: 'completed' };
const part = { type: 'output_text', text: '42', annotations: [] };
const response = {
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  model: 'gpt',
  status: 'completed',
  error: null,
  incomplete_details: null,
  output: [{ ...message, content: [part] }],
  usage: {
    input_tokens: 3,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 1,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 4,
  },
};
const responseStream = [
  {
    type: 'response.created',
    sequence_number: 0,
    response: { ...response, status: 'in_progress', output: [], usage: null },
  },
  { type: 'response.output_item.added', sequence_number: 1, output_index: 0, item: { ...message, content: [] } },
  {
    type: 'response.output_text.delta',
    sequence_number: 2,
    output_index: 0,
    content_index: 0,
    item_id: 'm1',
    delta: '42',
  },
  { type: 'response.output_item.done', sequence_number: 3, output_index: 0, item: response.output[0] },
  { type: 'response.completed', sequence_number: 4, response },
];

const claude = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', stop_sequence: null };
const claudeUsage = { input_tokens: 3, output_tokens: 1 };
const claudeWhole = { ...claude, content: [{ type: 'text', text: '42' }], stop_reason: 'end_turn', usage: claudeUsage };
const claudeStream = [
  { type: 'message_start', message: { ...claude, content: [], stop_reason: null, usage: claudeUsage } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: '42' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 1 } },
  { type: 'message_stop' },
];

const ANSWERS = new Map([
  ['/v1/chat/completions', { whole: chatWhole, stream: chatStream, end: 'data: [DONE]\n\n' }],
  ['/v1/responses', { whole: response, stream: responseStream, end: '' }],
  ['/v1/messages', { whole: claudeWhole, stream: claudeStream, end: '' }],
]);

/** A server that gives each provider's client the answer 42, whole or as a stream. What it does not know it answers with 404. */
export async function startCannedModel(): Promise<ModelServer> {
  const server = await startModelServer();
  server.answers = [
    (res, request: ModelRequest) => {
      const known = ANSWERS.get(request.path);
      if (known === undefined) json({ error: { message: `no ${request.path}` } }, 404)(res, request);
      else if (request.body['stream'] === true) events(known.stream, known.end)(res, request);
      else json(known.whole)(res, request);
    },
  ];
  return server;
}
