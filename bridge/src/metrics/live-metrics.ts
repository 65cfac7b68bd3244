import type { Registry } from 'prom-client';
import { readCounter, readGauge, single } from './readings';

/** What the live side counts. */
export interface LiveSource {
  viewers: () => number;
  /** Users with a monitoring grant in force. */
  grants: () => number;
  counts?: {
    /** Live frames sent to viewers, each viewer's counted, and their bytes. */
    readonly frames: number;
    readonly bytes: number;
    /** Viewers cut off, by cause. */
    readonly cutOffs: Readonly<Record<string, number>>;
  };
}

/** Registers what tells of the live side. */
export function registerLiveMetrics(registry: Registry, { viewers, grants, counts }: LiveSource): void {
  readGauge({
    registry,
    name: 'flow_bridge_live_viewers',
    help: 'Connected live viewers.',
    read: () => single(viewers()),
  });
  readGauge({
    registry,
    name: 'flow_bridge_monitoring_grants',
    help: 'Users whose flows are published live; the same on every bridge.',
    read: () => single(grants()),
  });
  if (counts === undefined) return;
  readCounter({
    registry,
    name: 'flow_bridge_live_frames_sent_total',
    help: 'Live frames sent to viewers.',
    read: () => single(counts.frames),
  });
  readCounter({
    registry,
    name: 'flow_bridge_live_sent_bytes_total',
    help: 'Bytes of live frames sent to viewers.',
    read: () => single(counts.bytes),
  });
  readCounter({
    registry,
    name: 'flow_bridge_live_cut_offs_total',
    help: 'Viewers cut off, by cause.',
    labelNames: ['cause'],
    read: () => Object.entries(counts.cutOffs).map(([cause, value]) => [{ cause }, value] as const),
  });
}
