import type { Registry } from 'prom-client';
import { readCounter, readGauge, single } from './readings';

/** The live side of a bridge, as far as it is told. */
export interface LiveSource {
  /** Live clients, on a WebSocket or polling. */
  viewers: () => number;
  /** Those of them that poll. */
  pollers: () => number;
  /** Users with a monitoring grant in force. */
  grants: () => number;
  /** What both count. */
  counts: Readonly<{
    /** Frames sent to viewers, each viewer's counted, and their bytes. */
    frames: number;
    bytes: number;
    /** Viewers cut off, by cause. */
    cutOff: Readonly<Record<string, number>>;
    /** Upgrades and polls refused, by the error's code. */
    refused: Readonly<Record<string, number>>;
  }>;
  /** What the hub counts. */
  hub: Readonly<{
    /** Snapshots that said nothing, since history could not be read. */
    snapshotsFailed: number;
    /** Times that Redis was lost, per user watched. */
    gaps: number;
    /** Messages of Redis that are no UTF-8. */
    badFrames: number;
  }>;
}

/** Registers what tells of the live side. */
export function registerLiveMetrics(registry: Registry, { viewers, pollers, grants, counts, hub }: LiveSource): void {
  readGauge({
    registry,
    name: 'flow_bridge_live_viewers',
    help: 'Connected live viewers, on a WebSocket or polling.',
    read: () => single(viewers()),
  });
  readGauge({
    registry,
    name: 'flow_bridge_live_pollers',
    help: 'Those of the live viewers that poll over HTTP; one that leaves counts for a minute more.',
    read: () => single(pollers()),
  });
  readGauge({
    registry,
    name: 'flow_bridge_monitoring_grants',
    help: 'Users whose flows are published live; the same on every bridge.',
    read: () => single(grants()),
  });
  const count = (name: string, help: string, read: () => number): void =>
    readCounter({ registry, name, help, read: () => single(read()) });
  const countBy = <Label extends string>(
    label: Label,
    name: string,
    help: string,
    byLabel: Readonly<Record<string, number>>,
  ): void =>
    readCounter({
      registry,
      name,
      help,
      labelNames: [label],
      read: () =>
        Object.entries(byLabel).map(([key, value]) => [{ [label]: key } as Record<Label, string>, value] as const),
    });
  count(
    'flow_bridge_live_frames_sent_total',
    'Frames sent to viewers; frames joined under load count as one.',
    () => counts.frames,
  );
  count('flow_bridge_live_sent_bytes_total', 'Bytes of frames sent to viewers.', () => counts.bytes);
  countBy('cause', 'flow_bridge_live_cut_offs_total', 'Viewers cut off, by cause.', counts.cutOff);
  countBy('code', 'flow_bridge_live_refused_total', 'Live connections refused, by error code.', counts.refused);
  const snapshots = 'Snapshots that said nothing, since history could not be read.';
  count('flow_bridge_live_snapshots_failed_total', snapshots, () => hub.snapshotsFailed);
  const gaps = 'Times that live frames may have been missed as Redis was lost, per user watched.';
  count('flow_bridge_live_gaps_total', gaps, () => hub.gaps);
  count('flow_bridge_live_bad_frames_total', 'Live frames dropped, since they are no UTF-8.', () => hub.badFrames);
}
