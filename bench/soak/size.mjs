/** That of the bridges of bench/bridge/live/. */
export const PREFIX = 'bench-live';
export const PARTITIONS = 4;
export const HOSTS = 2;
/** Requests a second of each host. */
export const RATE = 50;
/** A request takes twice as long, and a tool call the second half of it. */
export const HALF_MS = 100;
export const CHECKPOINTS_PER_FLOW = 6;
/** Start, identification, four instant checkpoints, two timed ones and end. */
export const EVENTS_PER_FLOW = 11;
/** The one user whom somebody watches, and how many others there are. */
export const WATCHED = 'watched';
export const WATCHED_EVERY = 10;
export const USERS = 500;
export const FAULT_EVERY_S = 20;
