import type { Express } from 'express';
import type { z } from 'zod';
import { callerOf } from '../access/caller';
import { BridgeError, type BridgeErrorCode } from '../errors';
import type { AnswerPass } from './answer-budget';
import { checkInput } from './check-input';
import { noInput } from './input-fields';
import { setRoute } from './observe-requests';
import { sendJson, type Exchange } from './send-json';

/** One endpoint: the schemas that check what it is asked, and that the OpenAPI document is made of. */
export interface Endpoint<Path extends z.ZodType, Query extends z.ZodType, Answer extends z.ZodType> {
  method: 'get' | 'post' | 'delete';
  /** As Express has it: `/api/v1/flows/:flowId`. */
  path: string;
  /** One line, for people. */
  summary: string;
  /** Answered without a token. */
  isOpen?: boolean;
  /** A GET that takes a control token, and counts as a change. */
  isControl?: boolean;
  /** Takes a write token. */
  isWrite?: boolean;
  pathParams?: Path;
  query?: Query;
  /** Answered as JSON with 200. */
  answer: Answer;
  /** One line of `application/x-ndjson`, where that is answered, too. */
  ndjson?: z.ZodType;
  /** Media type of an answer that is not JSON. */
  mediaType?: string;
  /** Answers 304 to those who have the answer already. */
  revalidates?: boolean;
  /** Gives the same answer with 503 when the answer is no. */
  unavailable?: boolean;
  /** Codes besides those that every endpoint answers. */
  errors?: readonly BridgeErrorCode[];
  /** Waits for room for an answer that may be large. */
  enter?(query: z.output<Query>, caller: string): Promise<AnswerPass>;
}

export type AnyEndpoint = Endpoint<z.ZodType, z.ZodType, z.ZodType>;

type NoInput = typeof noInput;

/** What a handler gets: checked input, and Express's own where that is not enough. */
export interface Call<Path, Query> extends Exchange {
  path: Path;
  query: Query;
}

/** Mounts endpoints and knows all that are mounted. */
export interface Endpoints {
  /** What `handle` gives is answered as JSON; undefined: it has answered by itself. */
  mount<Answer extends z.ZodType, Path extends z.ZodType = NoInput, Query extends z.ZodType = NoInput>(
    endpoint: Endpoint<Path, Query, Answer>,
    handle: (
      call: Call<z.output<Path>, z.output<Query>>,
    ) => Promise<z.output<Answer> | undefined> | z.output<Answer> | undefined,
  ): void;
  /** Refuses what is mounted under another method; call it last. */
  refuseOtherMethods(): void;
  readonly all: readonly AnyEndpoint[];
}

export function createEndpoints(app: Express): Endpoints {
  const all: AnyEndpoint[] = [];
  return {
    all,
    mount(endpoint, handle) {
      all.push(endpoint);
      app[endpoint.method](endpoint.path, async (req, res) => {
        setRoute(res, endpoint.path);
        const path = checkInput(endpoint.pathParams ?? noInput, req.params) as Parameters<typeof handle>[0]['path'];
        // Those who ask after health put what they like behind a "?".
        const given = endpoint.isOpen === true ? {} : req.query;
        const query = checkInput(endpoint.query ?? noInput, given) as Parameters<typeof handle>[0]['query'];
        const pass = await endpoint.enter?.(query, callerOf(res));
        if (pass !== undefined) {
          res.once('close', () => pass.leave());
          // Whoever left while waiting has closed already.
          if (res.closed) return pass.leave();
        }
        const answer = await handle({ path, query, req, res, pass });
        if (answer !== undefined) await sendJson({ req, res, pass }, answer as object);
      });
    },
    refuseOtherMethods() {
      for (const path of new Set(all.map((endpoint) => endpoint.path))) {
        const methods = all
          .filter((endpoint) => endpoint.path === path)
          .map((endpoint) => endpoint.method.toUpperCase());
        const allow = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
        app.all(path, (req, res) => {
          setRoute(res, path);
          res.set('Allow', allow.join(', '));
          throw new BridgeError('method_not_allowed', 405, `${path} takes ${allow.join(', ')}, got ${req.method}`);
        });
      }
    },
  };
}
