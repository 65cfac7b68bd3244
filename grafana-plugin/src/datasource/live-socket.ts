import { ALL_USERS, LIMITS, type ClientFrame, type ServerFrame } from '@flow-tracking/protocol';
import { t } from '../texts/t';
import { foreignProtocol, readFrame, SILENT, tooManyUsers, type LinkEvents, type LiveLink } from './live-link';
import { createSilenceWatch, type Patience } from './silence-watch';

/** Users in one frame: ids of any characters then stay within {@link LIMITS.clientFrameBytes}. */
const USERS_A_FRAME = 32;

/** As many of the wanted users as the bridge takes; those that it has stay. */
function admit(wanted: ReadonlySet<string>, subscribed: ReadonlySet<string>): Set<string> {
  const staying = [...subscribed].filter((user) => wanted.has(user));
  return new Set([...new Set([...staying, ...wanted])].slice(0, LIMITS.subscriptions));
}

/**
 * A WebSocket to the bridge. Not `rxjs/webSocket`, which the host does not share, so it would be bundled.
 *
 * @param options.createSocket may throw, when the address is none
 * @param options.isPatient an answer may take long
 */
export function openSocket(options: {
  createSocket: () => WebSocket;
  users: ReadonlySet<string>;
  patience: Patience;
  isPatient: () => boolean;
  events: LinkEvents;
}): LiveLink {
  const { patience, isPatient, events } = options;
  const socket = options.createSocket();
  const silence = createSilenceWatch(patience);
  silence.onHeard(Date.now());
  let wanted = options.users;
  let isGreeted = false;
  /** The users that were asked for and not refused. */
  let subscribed: ReadonlySet<string> = new Set();
  /** Those that the bridge has confirmed. */
  let confirmed: ReadonlySet<string> = new Set();
  /** Those of whom a snapshot is under way. */
  const loading = new Set<string>();

  const send = (frame: ClientFrame): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  };

  const tell = (type: 'subscribe' | 'unsubscribe', list: readonly string[]): void => {
    for (let i = 0; i < list.length; i += USERS_A_FRAME) send({ type, users: list.slice(i, i + USERS_A_FRAME) });
  };

  const syncUsers = (): void => {
    if (socket.readyState !== WebSocket.OPEN) return;
    const admitted = admit(wanted, subscribed);
    // Room first.
    const removed = [...subscribed].filter((user) => !admitted.has(user));
    const added = [...admitted].filter((user) => !subscribed.has(user));
    tell('unsubscribe', removed);
    tell('subscribe', added);
    for (const user of removed) loading.delete(user);
    // Of all users nobody knows how many snapshots come.
    for (const user of added) if (user !== ALL_USERS) loading.add(user);
    subscribed = admitted;
    if (admitted.size < wanted.size) events.frame(tooManyUsers(wanted.size, LIMITS.subscriptions));
  };

  const close = (): void => {
    clearInterval(watch);
    // What it still says is not heard.
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    socket.close();
  };
  const end = (reason: string, how: 'closed' | 'silent'): void => {
    close();
    events.ended({ reason, how: isGreeted ? how : 'refused' });
  };

  const onFrame = (frame: ServerFrame): void => {
    const foreign = foreignProtocol(frame);
    if (foreign !== null) {
      close();
      return events.ended(foreign);
    }
    if (frame.type === 'hello') isGreeted = true;
    // What was asked for last was refused; it is asked for again when the users change.
    if (frame.type === 'error' && frame.code === 'too_many_subscriptions') subscribed = confirmed;
    if (frame.type === 'subscribed') {
      confirmed = new Set(frame.users);
      events.live();
    }
    if (frame.type === 'snapshot') loading.delete(frame.user_id);
    events.frame(frame);
  };

  const watch = setInterval(() => {
    const busy = loading.size > 0 || socket.readyState !== WebSocket.OPEN || isPatient();
    switch (silence.check(Date.now(), busy)) {
      case 'ping':
        send({ type: 'ping' });
        break;
      case 'stale':
        events.silent();
        break;
      case 'give_up':
        end(SILENT, 'silent');
    }
  }, patience.checkEveryMs);

  socket.onopen = syncUsers;
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    silence.onHeard(Date.now());
    events.heard();
    const frame = typeof data === 'string' ? readFrame(data) : null;
    if (frame !== null) onFrame(frame);
  };
  socket.onclose = (event) => end(event.reason || t('connection.closed'), 'closed');

  return {
    update(users) {
      wanted = users;
      syncUsers();
    },
    close,
  };
}
