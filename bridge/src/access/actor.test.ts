import type { Request } from 'express';
import { actorOf } from './actor';

const from = (headers: Record<string, string>): Request =>
  ({ get: (name: string) => headers[name] }) as unknown as Request;

describe('actorOf', () => {
  it('is the name that Grafana sends, as far as a column holds it', () => {
    expect(actorOf(from({ 'x-grafana-user': 'ada' }))).toBe('ada');
    expect(actorOf(from({ 'x-grafana-user': 'a'.repeat(300) }))).toBe('a'.repeat(255));
  });

  it('is null for callers without one', () => {
    expect(actorOf(from({}))).toBeNull();
  });
});
