import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMetrics } from './metrics';

const servers = {
  version: '1.2.3',
  pools: { reader: { totalCount: 3, idleCount: 2, waitingCount: 0 } },
  checkReadiness: async () => ({ postgres: undefined, redis: 'away' }),
  failures: () => [{ work: 'history_write' as const, partition: 2, reason: '57014', sinceTs: 0 }],
};
const quiet = { written: 0, dead: 0, deadDropped: 0, trimmed: 0, claimed: 0, lost: 0 };
const historyOf = (counts = quiet) => ({ counts, lag: async () => [], stalled: () => 0 });
const live = {
  viewers: () => 2,
  pollers: () => 1,
  grants: () => 1,
  counts: { frames: 0, bytes: 0, cutOff: {}, refused: {} },
  hub: { snapshotsFailed: 0, gaps: 0, badFrames: 0 },
};

/** Lines of the text without those of HELP and TYPE. */
const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

describe('createMetrics', () => {
  it('has the metrics that docs/operating.md explains, and no other of its own', async () => {
    const counts = { frames: 0, bytes: 0, cutOff: {}, refused: {} };
    const hub = { snapshotsFailed: 0, gaps: 0, badFrames: 0 };
    const dropped = { queue_full: 0, refused: 0, unreachable: 0, stopped: 0 };
    const spanExport = { counts: { sent: 0, rejected: 0, dropped }, waiting: 0 };
    const metrics = createMetrics({ history: historyOf(), live: { ...live, counts, hub }, spanExport, servers });
    const text = await metrics.render();
    const registered = [...text.matchAll(/^# TYPE (flow_bridge_\w+)/gm)].map((match) => match[1]);
    const docs = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'operating.md'), 'utf8');
    const rows = docs.split('\n').filter((line) => line.startsWith('| `flow_bridge_'));
    const explained = rows.flatMap((row) => [...row.matchAll(/`(flow_bridge_\w+)/g)].map((match) => match[1]));
    expect(explained.sort()).toEqual(registered.sort());
  });

  it('reads counters at the scrape, not before', async () => {
    const counts = { ...quiet };
    const metrics = createMetrics({ history: historyOf(counts), live, servers });
    counts.written = 7;
    const lines = linesOf(await metrics.render());
    expect(lines).toEqual(
      expect.arrayContaining([
        'flow_bridge_history_events_written_total 7',
        'flow_bridge_history_dead_letters_total 0',
        'flow_bridge_live_viewers 2',
        'flow_bridge_monitoring_grants 1',
        'flow_bridge_dependency_up{dependency="postgres"} 1',
        'flow_bridge_dependency_up{dependency="redis"} 0',
        'flow_bridge_postgres_connections{pool="reader",state="busy"} 1',
        'flow_bridge_failing{work="history_write",partition="2",reason="57014"} 1',
        'flow_bridge_info{version="1.2.3"} 1',
      ]),
    );
    counts.written = 9;
    expect(await metrics.render()).toContain('flow_bridge_history_events_written_total 9\n');
  });

  it('tells nothing of what can not be read now, rather than what it last was', async () => {
    let lag = [{ partition: 0, entries: 5, ms: 1500 }];
    const counts = { ...quiet, trimmed: 3, lost: 1 };
    const liveCounts = { frames: 1, bytes: 2, cutOff: { too_slow: 3 }, refused: { forbidden: 2 } };
    const metrics = createMetrics({
      history: { counts, lag: async () => lag, stalled: () => 4 },
      live: { ...live, counts: liveCounts },
      servers,
    });
    expect(linesOf(await metrics.render())).toEqual(
      expect.arrayContaining([
        'flow_bridge_history_trimmed_entries_total 3',
        'flow_bridge_history_flows_lost_total 1',
        'flow_bridge_history_lag_entries{partition="0"} 5',
        'flow_bridge_history_lag_seconds{partition="0"} 1.5',
        'flow_bridge_flows_stalled 4',
        'flow_bridge_live_cut_offs_total{cause="too_slow"} 3',
        'flow_bridge_live_refused_total{code="forbidden"} 2',
      ]),
    );
    lag = [];
    expect(linesOf(await metrics.render()).join('\n')).not.toMatch(/history_lag/);
  });

  it('keeps to 100 checkpoint names, and to one line a value whatever the name holds', async () => {
    const metrics = createMetrics({ history: historyOf(), live, servers });
    const names = ['evil"} 1\nforged_total 9\\', ...Array.from({ length: 500 }, (_, i) => `step_${i}`)];
    metrics.onBatch({
      events: names.length,
      durationMs: 12,
      checkpoints: names.map((name) => ({ name, status: 'error', durationMs: 1 })),
      endedFlows: [],
    });
    const lines = linesOf(await metrics.render());
    const errors = lines.filter((line) => line.startsWith('flow_bridge_checkpoint_errors_total'));
    expect(errors).toHaveLength(101);
    expect(errors).toContain('flow_bridge_checkpoint_errors_total{checkpoint="other"} 401');
    expect(lines.filter((line) => line.startsWith('forged'))).toEqual([]);
    expect(lines).toContain('flow_bridge_history_batch_duration_seconds_bucket{le="0.025"} 1');
  });

  it('counts requests by route and class of status, with methods that are known', async () => {
    const metrics = createMetrics({ history: historyOf(), live, servers });
    metrics.onRequest({ method: 'GET', route: '/api/v1/flows/:flowId', status: 404, durationMs: 3 });
    metrics.onRequest({ method: 'PROPFIND', route: 'unknown', status: undefined, durationMs: 3 });
    const text = await metrics.render();
    const name = 'flow_bridge_http_request_duration_seconds_count';
    expect(text).toContain(`${name}{method="GET",route="/api/v1/flows/:flowId",status="4xx"} 1`);
    expect(text).toContain(`${name}{method="other",route="unknown",status="aborted"} 1`);
  });

  it('keeps the metrics of two bridges in one process apart', async () => {
    const [one, two] = [1, 2].map((written) =>
      createMetrics({ history: historyOf({ ...quiet, written }), live, servers }),
    );
    expect(await one!.render()).toContain('events_written_total 1\n');
    expect(await two!.render()).toContain('events_written_total 2\n');
  });
});
