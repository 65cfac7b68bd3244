/** What the conventions call a provider, by what its SDKs call it. @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/ */
const NAMES = new Map(
  Object.entries({
    'amazon-bedrock': 'aws.bedrock',
    amazon_bedrock: 'aws.bedrock',
    azure: 'azure.ai.openai',
    'azure-openai': 'azure.ai.openai',
    google: 'gcp.gemini',
    google_genai: 'gcp.gemini',
    google_vertexai: 'gcp.vertex_ai',
    mistral: 'mistral_ai',
    mistralai: 'mistral_ai',
    vertex: 'gcp.vertex_ai',
    xai: 'x_ai',
  }),
);

/** The provider by the conventions. @param name as an SDK has it, which may tell the kind of model after a dot: `openai.responses` */
export function providerName(name: string): string {
  // What Vertex is called begins as Gemini is.
  if (name.startsWith('google.vertex')) return 'gcp.vertex_ai';
  const [provider = name] = name.split('.');
  return NAMES.get(provider) ?? provider;
}
