/** What the live side has done for its clients since its start, be they on a WebSocket or polling. */
export interface LiveCounts {
  /** Viewers that came in. */
  accepted: number;
  /** Upgrades and polls that were refused, by the error's code. */
  refused: Record<string, number>;
  /** Frames sent to viewers, those joined under load as one, and their bytes. */
  frames: number;
  bytes: number;
  /** Viewers that the bridge cut off: did not read, did not answer the heartbeat, broke the protocol, sent too much. */
  cutOff: { too_slow: number; silent: number; bad_frame: number; too_many_frames: number };
}

export function createLiveCounts(): LiveCounts {
  return {
    accepted: 0,
    refused: {},
    frames: 0,
    bytes: 0,
    cutOff: { too_slow: 0, silent: 0, bad_frame: 0, too_many_frames: 0 },
  };
}
