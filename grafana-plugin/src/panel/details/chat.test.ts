import type { Attributes, JsonValue } from '@flow-tracking/protocol';
import { readChat } from './chat';

/** Role, then each part as its kind and what it says. */
const read = (attributes: Attributes) =>
  readChat(attributes).turns.map(({ role, parts }) => [
    role,
    ...parts.map((part) =>
      part.kind === 'call'
        ? `call ${part.name} ${JSON.stringify(part.value)}`
        : 'text' in part
          ? `${part.kind} ${part.text}`
          : `${part.kind} ${JSON.stringify(part.value)}`,
    ),
  ]);

describe('readChat', () => {
  it('reads the messages of the conventions, with calls, results and thoughts', () => {
    const attributes = {
      'gen_ai.system_instructions': [{ type: 'text', content: 'Be brief.' }],
      'gen_ai.input.messages': JSON.stringify([
        { role: 'user', parts: [{ type: 'text', content: 'Weather?' }] },
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'weather', arguments: { at: 'Paris' } }] },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'rain' }] },
      ]),
      'gen_ai.output.messages': [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'hm' },
            { type: 'text', content: 'Rain.' },
          ],
          finish_reason: 'stop',
        },
      ],
      other: 1,
    };
    expect(read(attributes)).toEqual([
      ['system', 'text Be brief.'],
      ['user', 'text Weather?'],
      ['assistant', 'call weather {"at":"Paris"}'],
      ['tool', 'result "rain"'],
      ['assistant', 'thought hm', 'text Rain.'],
    ]);
    expect([...readChat(attributes).used]).toEqual(Object.keys(attributes).slice(0, 3));
  });

  it('reads messages as OpenAI and Anthropic write them', () => {
    const openAi = [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'image_url', image_url: { url: 'data:x' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
      },
      { role: 'tool', tool_call_id: '1', content: '{"ok":true}' },
    ];
    expect(read({ 'gen_ai.prompt': JSON.stringify(openAi) })).toEqual([
      ['user', 'text Hi', 'media image (not shown)'],
      ['assistant', 'call f {"a":1}'],
      ['tool', 'result {"ok":true}'],
    ]);
    const anthropic = [
      { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'g', input: { b: 2 } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'done' }] },
    ];
    expect(read({ messages: anthropic })).toEqual([
      ['assistant', 'call g {"b":2}'],
      ['user', 'result "done"'],
    ]);
  });

  it('reads plain texts as prompt and answer', () => {
    expect(read({ prompt: 'Hi', completion: 'Hello' })).toEqual([
      ['prompt', 'text Hi'],
      ['answer', 'text Hello'],
    ]);
    expect(read({ 'input.value': '{"city":"Paris"}', 'output.value': 'rain' })).toEqual([
      ['input', 'json {"city":"Paris"}'],
      ['output', 'text rain'],
    ]);
  });

  it('reads messages that are spread over attributes', () => {
    expect(
      read({
        'llm.input_messages.0.message.role': 'user',
        'llm.input_messages.0.message.content': 'Hi',
        'llm.output_messages.0.message.role': 'assistant',
        'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'f',
        'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': '{"a":1}',
        'input.value': 'the same once more',
      }),
    ).toEqual([
      ['user', 'text Hi'],
      ['assistant', 'call f {"a":1}'],
    ]);
    expect(
      read({ 'gen_ai.prompt.1.content': 'b', 'gen_ai.prompt.0.content': 'a', 'gen_ai.prompt.0.role': 'system' }),
    ).toEqual([
      ['system', 'text a'],
      ['prompt', 'text b'],
    ]);
  });

  it('reads events by any name', () => {
    const events: JsonValue = [
      { name: 'gen_ai.user.message', body: { content: 'Hi' } },
      { name: 'gen_ai.choice', body: { index: 0, message: { content: 'Hello' } } },
    ];
    expect(read({ 'my.events': events })).toEqual([
      ['user', 'text Hi'],
      ['assistant', 'text Hello'],
    ]);
  });

  it.each<Attributes>([
    { prompt: 120, answer: true },
    { prompt: '', completion: null },
    { items: [{ role: 'user' }] },
    { items: [{ content: 'no role' }] },
    { items: [1, 2] },
    { 'gen_ai.prompt.name': 'x', 'gen_ai.prompt.x.role': 'user' },
    {},
  ])('finds none in %j', (attributes) => {
    expect(readChat(attributes)).toEqual({ turns: [], used: new Set() });
  });

  it('shows what it does not know as JSON, and loses nothing', () => {
    expect(read({ 'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'x-new', a: 1 }, { b: 2 }] }] })).toEqual([
      ['user', 'json [{"type":"x-new","a":1},{"b":2}]'],
    ]);
    expect(read({ 'gen_ai.output.messages': [{ role: 'assistant', content: 5 }] })).toEqual([['assistant', 'json 5']]);
  });
});
