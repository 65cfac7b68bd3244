import { providerName } from './provider-name';

it.each([
  ['openai.responses', 'openai'],
  ['anthropic.messages', 'anthropic'],
  ['google.generative-ai', 'gcp.gemini'],
  ['google.vertex.chat', 'gcp.vertex_ai'],
  ['azure.chat', 'azure.ai.openai'],
  ['amazon-bedrock', 'aws.bedrock'],
  ['mistralai', 'mistral_ai'],
  ['my-own', 'my-own'],
  ['constructor', 'constructor'],
])('says what %s is by the conventions: %s', (name, expected) => {
  expect(providerName(name)).toBe(expected);
});
