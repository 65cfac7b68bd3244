import { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import type { Flow } from './api';
import { SHARED_NAME } from './context';
import { ownProperty } from './own-property';

/**
 * `req.flow`, without a property of the request. Adding one to an object whose prototype was changed, as Express does
 * with each request, has V8 make a shape for that object alone, a kilobyte that lives until the next full collection: a
 * seventh of what the middleware cost. So the flow is kept with the request's stream state, whose shape V8 knows, and
 * `flow` is a getter that all of Express's requests inherit.
 */

/** Shared with another copy of this package, like the context. */
const FLOW = Symbol.for(`${SHARED_NAME}/flow`);

type Holder = Partial<Record<typeof FLOW, Flow>>;

function holderOf(req: object): Holder | undefined {
  return ownProperty(req as { _readableState?: Holder }, '_readableState');
}

function getFlow(this: object): Flow | undefined {
  return holderOf(this)?.[FLOW];
}

function setFlow(this: object, value: unknown): void {
  // The application puts something of its own in its place.
  Object.defineProperty(this, 'flow', { value, writable: true, enumerable: true, configurable: true });
}

/** Express's own prototype of requests, below which each application has one; undefined for requests of others. */
function sharedPrototype(prototype: object | null): object | undefined {
  for (let found = prototype; found !== null; found = Object.getPrototypeOf(found) as object | null) {
    if (Object.getPrototypeOf(found) === IncomingMessage.prototype) return found;
  }
  return undefined;
}

/** Whether requests of that prototype have the getter, from now on. */
function hasGetter(prototype: object | null): boolean {
  const shared = sharedPrototype(prototype);
  if (shared === undefined) return false;
  const known = Object.getOwnPropertyDescriptor(shared, 'flow');
  if (known !== undefined) {
    // Another copy's getter, or something of the application's.
    const { get } = known as { get?: object };
    return get !== undefined && FLOW in get;
  }
  const get = Object.assign(getFlow, { [FLOW]: undefined });
  Object.defineProperty(shared, 'flow', { get, set: setFlow, configurable: true });
  return true;
}

let latestPrototype: object | null | undefined;
let latestHasGetter = false;

/** Where the request's flow is kept; undefined when that has to be a property of the request after all. */
function slotOf(req: Request): Holder | undefined {
  const prototype = Object.getPrototypeOf(req) as object | null;
  if (prototype !== latestPrototype) {
    latestPrototype = prototype;
    latestHasGetter = hasGetter(prototype);
  }
  return latestHasGetter ? holderOf(req) : undefined;
}

/** Makes that flow `req.flow`. */
export function attachFlow(req: Request, flow: Flow): void {
  const slot = slotOf(req);
  if (slot === undefined) req.flow = flow;
  else slot[FLOW] = flow;
}

export function hasFlow(req: Request): boolean {
  const slot = slotOf(req);
  return slot === undefined ? (req.flow as Flow | undefined) !== undefined : slot[FLOW] !== undefined;
}
