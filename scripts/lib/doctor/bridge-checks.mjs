import { setTimeout as delay } from 'node:timers/promises';
import { fail, ok, reasonOf, skip, warn } from './finding.mjs';
import { helloOf } from './web-socket.mjs';

/** The protocol that this checkout speaks. */
const PROTOCOL = 1;
/** The bridge's own checks take 10 s at most. */
const ANSWER_MS = 15_000;
const BUSY_TRIES = 5;

/** @typedef {import('./doctor-settings.mjs').DoctorSettings} Settings */
/** @typedef {import('./examine.mjs').Check} Check */

/** @param {Settings} settings @returns {Promise<Check[]>} */
export async function checkBridge(settings) {
  const answers = await checkAnswers(settings);
  const title = { live: 'WebSocket of the bridge', own: 'The bridge’s own checks' };
  if (answers.status === 'fail') {
    const detail = 'Not looked at: local_bridge fails';
    return [answers, skip('local_websocket', title.live, detail), skip('local_checks', title.own, detail)];
  }
  return [answers, await checkWebSocket(settings, title.live), ...(await askChecks(settings, title.own))];
}

/** @param {Settings} settings @returns {Promise<Check>} */
async function checkAnswers({ bridgeUrl }) {
  const at = /** @type {const} */ (['local_bridge', 'The bridge answers']);
  try {
    const response = await fetch(`${bridgeUrl}/healthz`, { signal: AbortSignal.timeout(5_000) });
    const body = /** @type {any} */ (await response.json().catch(() => undefined));
    if (response.ok && body?.status === 'ok') return ok(at[0], at[1], `${bridgeUrl} answers`);
    const fix = 'Something else listens there: give --bridge-url, or FLOW_BRIDGE_URL, the address of the bridge';
    return fail(at[0], at[1], `${bridgeUrl} answers ${response.status}, and not as a bridge does`, fix);
  } catch (error) {
    const fix =
      'Start it: npm start brings all, REDIS_URL=… DATABASE_URL=… node bridge/dist/main.js the bridge alone; if it runs, ' +
      'give --bridge-url its address';
    return fail(at[0], at[1], `${bridgeUrl}: ${reasonOf(error)}`, fix);
  }
}

/** @param {Settings} settings @param {string} title @returns {Promise<Check>} */
async function checkWebSocket({ bridgeUrl, readToken, controlToken }, title) {
  const id = 'local_websocket';
  try {
    const { protocol } = await helloOf(bridgeUrl, readToken ?? controlToken);
    if (protocol === PROTOCOL) return ok(id, title, `It upgrades, and speaks protocol ${protocol}`);
    const fix = 'Run bridge, middleware and plugin of one version';
    return fail(id, title, `The bridge speaks protocol ${protocol}, and this checkout ${PROTOCOL}`, fix);
  } catch (error) {
    const reason = reasonOf(error);
    const fix = reason.includes('401')
      ? 'Set FLOW_READ_TOKEN to one of the bridge’s FLOW_READ_TOKENS'
      : 'A proxy before the bridge must pass the headers Upgrade and Connection, and wait for long';
    return fail(id, title, reason, fix);
  }
}

/** @param {Settings} settings @param {string} title @returns {Promise<Check[]>} */
async function askChecks(settings, title) {
  const { bridgeUrl, controlToken, user } = settings;
  const id = 'local_checks';
  const query = user === undefined ? '' : `?user=${encodeURIComponent(user)}`;
  try {
    for (let triesLeft = BUSY_TRIES; ; triesLeft--) {
      const response = await fetch(`${bridgeUrl}/api/v1/checks${query}`, {
        headers: controlToken === undefined ? {} : { authorization: `Bearer ${controlToken}` },
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      const body = /** @type {any} */ (await response.json());
      if (response.ok) return body.checks;
      const { code, message } = body.error ?? {};
      if (code === 'busy' && triesLeft > 1) {
        await delay(Number(response.headers.get('retry-after') ?? 2) * 1_000);
        continue;
      }
      return [refused(id, title, code, `${message ?? response.status} (${code ?? 'no code'})`)];
    }
  } catch (error) {
    return [fail(id, title, reasonOf(error), 'See the log of the bridge')];
  }
}

/** @param {string} id @param {string} title @param {string | undefined} code @param {string} detail */
function refused(id, title, code, detail) {
  if (code === 'unauthorized' || code === 'forbidden') {
    return fail(id, title, detail, 'Set FLOW_CONTROL_TOKEN to one of the bridge’s FLOW_CONTROL_TOKENS');
  }
  if (code === 'not_found' || code === 'flow_not_found') {
    return fail(id, title, detail, 'The bridge is older than this checkout: update it');
  }
  if (code === 'busy' || code === 'rate_limited') return warn(id, title, detail, 'Try again in a minute');
  return fail(id, title, detail, 'See the log of the bridge');
}
