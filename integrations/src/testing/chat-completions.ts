/* What an OpenAI-compatible server answers to chat completions: as a whole, or in pieces. */

const usage = {
  prompt_tokens: 20,
  completion_tokens: 5,
  total_tokens: 25,
  prompt_tokens_details: { cached_tokens: 8 },
  completion_tokens_details: { reasoning_tokens: 3 },
};

const ID = { id: 'chatcmpl-1', created: 1, model: 'gpt-4o-mini-2024' };

export const whole = (message: object, finishReason = 'stop') => ({
  ...ID,
  object: 'chat.completion',
  choices: [{ index: 0, finish_reason: finishReason, message: { role: 'assistant', content: null, ...message } }],
  usage,
});

export const piece = (delta: object, finishReason: string | null = null) => ({
  ...ID,
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: finishReason }],
});

export const lastPiece = { ...piece({}), choices: [], usage };

/** A call of a tool that the model asks for. */
export const call = (index: number, id: string, name: string, text: string) => ({
  index,
  id,
  type: 'function',
  function: { name, arguments: text },
});
