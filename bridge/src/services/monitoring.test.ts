import type { MonitoringGrant } from '@flow-tracking/protocol';
import type { Pool } from '../adapters/postgres';
import { pino } from 'pino';
import { createMonitoringService } from './monitoring';

const grant = (user_id: string): MonitoringGrant => ({
  user_id,
  expires_ts: Date.now() + 60_000,
  enabled_ts: Date.now(),
  enabled_by: null,
  reason: null,
});

describe('a rebuild of the projection', () => {
  it('keeps a grant that another bridge saves and projects while it runs', async () => {
    const saved = [grant('ann')];
    const projected = new Map<string, number>();
    const pool = { query: () => Promise.resolve({ rows: [...saved] }) } as unknown as Pool;
    let replaced = 0;
    const service = createMonitoringService({
      pool,
      projection: {
        set: () => Promise.resolve(),
        remove: () => Promise.resolve(),
        replace: (grants) => {
          replaced += 1;
          if (replaced === 1) saved.push(grant('bob'));
          projected.clear();
          for (const { user_id, expires_ts } of grants) projected.set(user_id, expires_ts);
          return Promise.resolve();
        },
      },
      logger: pino({ level: 'silent' }),
    });
    await service.rebuild();
    service.stop();
    expect([...projected.keys()]).toEqual(['ann', 'bob']);
    expect(replaced).toBe(2);
  });
});
