import { z } from 'zod';
import { ChatError } from './errors';

const environment = z.object({
  FLOW_DEMO_PORT: z
    .string()
    .regex(/^\d+$/, 'expected a port from 0 to 65535')
    .default('3001')
    .transform(Number)
    .pipe(z.number().max(65_535, 'expected a port from 0 to 65535')),
  FLOW_DEMO_HOST: z.string().min(1).default('127.0.0.1'),
  FLOW_DEMO_TRAFFIC: z
    .enum(['on', 'off'], 'expected on or off')
    .default('on')
    .transform((value) => value === 'on'),
  FLOW_SERVICE: z.string().min(1).default('chat-server'),
  OPENAI_BASE_URL: z
    .string()
    .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), 'expected a URL that starts with http(s)://')
    .optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_MODEL: z.string().min(1).default('gpt-4o-mini'),
});

/** What each variable is, for `--help`. */
export const ENVIRONMENT_HELP = `
  FLOW_DEMO_PORT     port to listen on                            3001
  FLOW_DEMO_HOST     address to listen on                         127.0.0.1
  FLOW_DEMO_TRAFFIC  on or off: a few simulated users who chat    on
  OPENAI_BASE_URL    an OpenAI-compatible endpoint (…/v1)         the built-in simulated model
  OPENAI_API_KEY     its key                                      none
  OPENAI_MODEL       its model                                    gpt-4o-mini
  FLOW_SERVICE       name of the service in each flow             chat-server
  REDIS_URL, REDIS_ENABLED, FLOW_PREFIX, FLOW_PARTITIONS: see @flow-tracking/express
`;

/** Everything that can be set, checked. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly traffic: boolean;
  readonly service: string;
  /** Undefined: the simulated model answers. */
  readonly openai:
    { readonly baseUrl: string; readonly apiKey: string | undefined; readonly model: string } | undefined;
}

/**
 * @throws {ChatError} `invalid_config`; the message names each variable and what was expected
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = environment.safeParse(set);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ChatError('invalid_config', 500, problems.join('; '));
  }
  const {
    FLOW_DEMO_PORT,
    FLOW_DEMO_HOST,
    FLOW_DEMO_TRAFFIC,
    FLOW_SERVICE,
    OPENAI_BASE_URL,
    OPENAI_API_KEY,
    OPENAI_MODEL,
  } = result.data;
  return {
    port: FLOW_DEMO_PORT,
    host: FLOW_DEMO_HOST,
    traffic: FLOW_DEMO_TRAFFIC,
    service: FLOW_SERVICE,
    openai:
      OPENAI_BASE_URL === undefined
        ? undefined
        : { baseUrl: OPENAI_BASE_URL.replace(/\/+$/, ''), apiKey: OPENAI_API_KEY, model: OPENAI_MODEL },
  };
}
