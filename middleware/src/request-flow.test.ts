import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import express5, { type Request } from 'express';
import { noopFlow } from './noop-flow';
import * as requestFlow from './request-flow';

const { attachFlow, hasFlow } = requestFlow;
const express4 = jest.requireActual<typeof express5>('express4');

/** A request as Express hands it to its middleware: made by Node, then given another prototype. */
function requestOf(prototype: object = express5().request): Request {
  return Object.setPrototypeOf(new IncomingMessage(new Socket()), prototype) as Request;
}

describe('the flow of a request', () => {
  it.each([
    ['5', express5().request],
    ['4', express4().request],
  ])('is there for an application of Express %s, and is no property of the request', (_version, prototype) => {
    const req = requestOf(prototype);
    const other = requestOf(prototype);
    expect(hasFlow(req)).toBe(false);
    attachFlow(req, noopFlow);
    expect(hasFlow(req)).toBe(true);
    expect(req.flow).toBe(noopFlow);
    expect(Object.hasOwn(req, 'flow')).toBe(false);
    expect(hasFlow(other)).toBe(false);
    expect(other.flow).toBeUndefined();
  });

  it('stays when the request goes from an application to another', () => {
    const req = requestOf();
    attachFlow(req, noopFlow);
    Object.setPrototypeOf(req, express5().request);
    expect(req.flow).toBe(noopFlow);
    expect(hasFlow(req)).toBe(true);
  });

  it('is seen through what wraps the request', () => {
    const req = requestOf();
    attachFlow(req, noopFlow);
    expect((Object.create(req) as Request).flow).toBe(noopFlow);
    expect(new Proxy(req, {}).flow).toBe(noopFlow);
  });

  it('gives way to what the application puts in its place', () => {
    const req = requestOf();
    attachFlow(req, noopFlow);
    const own = { ...noopFlow };
    req.flow = own;
    expect(req.flow).toBe(own);
  });

  it.each<[string, () => Request]>([
    ["not one of Express's", () => new IncomingMessage(new Socket()) as Request],
    ['one that a test made', () => ({ method: 'GET' }) as Request],
    [
      'of an application with another `flow`',
      () =>
        requestOf(Object.create(IncomingMessage.prototype, { flow: { value: undefined, writable: true } }) as object),
    ],
  ])('is a property when the request is %s', (_what, make) => {
    const req = make();
    expect(hasFlow(req)).toBe(false);
    attachFlow(req, noopFlow);
    expect(hasFlow(req)).toBe(true);
    expect(req.flow).toBe(noopFlow);
    expect(Object.hasOwn(req, 'flow')).toBe(true);
  });

  it('is the same for another copy of the package', () => {
    let copy = requestFlow;
    jest.isolateModules(() => {
      copy = jest.requireActual<typeof requestFlow>('./request-flow');
    });
    expect(copy.attachFlow).not.toBe(attachFlow);
    const req = requestOf();
    attachFlow(req, noopFlow);
    expect(copy.hasFlow(req)).toBe(true);
    const theirs = requestOf();
    copy.attachFlow(theirs, noopFlow);
    expect(hasFlow(theirs)).toBe(true);
    expect(theirs.flow).toBe(noopFlow);
  });
});
