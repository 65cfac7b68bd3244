import type { CheckList } from '@flow-tracking/protocol';
import { BridgeRequestError, type BridgeApi, type BridgeHealth } from '../../../bridge-api';
import { versionProblem } from '../../../datasource/version-problem';
import { formatAge } from '../../../panel/format';
import { t } from '../../../texts/t';
import type { Step } from './step';

/** Codes by which a bridge refuses a token; any other code of its own says that it took the token. */
const TOKEN_CODES = new Set(['unauthorized', 'forbidden']);

export interface StepSources {
  readonly api: BridgeApi;
  readonly datasourceName: string;
  /** Why this person may not run the bridge's checks; null for who may. */
  readonly refusal: string | null;
  /** Opens the bridge's WebSocket through Grafana. @returns the protocol version it says @throws {Error} why not */
  readonly openSocket: () => Promise<number>;
  readonly askChecks: () => Promise<CheckList>;
}

type Told = Omit<Step, 'id' | 'title'>;

const ok = (detail: string): Told => ({ status: 'ok', detail, fix: null });
const skip = (detail: string): Told => ({ status: 'skip', detail, fix: null });
const fail = (detail: string, fix: string | null): Told => ({ status: 'fail', detail, fix });
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Looks at the chain from Grafana on, and tells each step as it goes. Steps behind one that fails are told as skipped. */
export async function runSteps(sources: StepSources, tell: (step: Step) => void): Promise<void> {
  const { api, datasourceName, refusal, openSocket, askChecks } = sources;
  const step = async (id: string, title: string, look: () => Promise<Told> | Told): Promise<Told> => {
    tell({ id, title, status: 'running', detail: '', fix: null });
    const told = await look();
    tell({ id, title, ...told });
    return told;
  };

  await step('datasource', t('app.start.steps.datasource'), () => ok(datasourceName));
  let health: BridgeHealth | undefined;
  await step('proxy', t('app.start.steps.proxy'), async () => {
    try {
      health = await api.health();
      return ok(t('app.start.reached'));
    } catch (error) {
      return fail(messageOf(error), t('app.start.reach-fix'));
    }
  });
  const isReached = health !== undefined;
  const behind = (look: () => Promise<Told> | Told) => () =>
    isReached ? look() : skip(t('app.start.not-looked-at', { step: t('app.start.steps.proxy') }));
  // What another version understands may still work, so nothing is skipped for it.
  await step(
    'version',
    t('app.start.steps.version'),
    behind(() => compareVersions(health?.protocol)),
  );
  await step(
    'read-token',
    t('app.start.steps.read-token'),
    behind(() => tryReadToken(api)),
  );
  let checks: CheckList | undefined;
  await step(
    'control-token',
    t('app.start.steps.control-token'),
    behind(async () => {
      if (refusal !== null) return skip(t('app.start.needs-editor'));
      try {
        checks = await askChecks();
        return ok(t('app.start.token-taken'));
      } catch (error) {
        return refusedControl(error);
      }
    }),
  );
  for (const check of checks?.checks ?? []) tell(check);
  await step(
    'websocket',
    t('app.start.steps.websocket'),
    behind(async () => {
      try {
        const spoken = await openSocket();
        const foreign = versionProblem(spoken);
        return foreign === null
          ? ok(t('app.start.socket-opens', { protocol: spoken }))
          : fail(foreign.found, foreign.fix);
      } catch (error) {
        return fail(messageOf(error), t('app.start.socket-fix'));
      }
    }),
  );
  await step(
    'first-flow',
    t('app.start.steps.first-flow'),
    behind(() => findFlow(api)),
  );
}

function compareVersions(protocol: number | undefined): Told {
  const foreign = versionProblem(protocol);
  return foreign === null
    ? ok(t('app.start.same-version', { version: protocol ?? 0 }))
    : fail(foreign.found, foreign.fix);
}

async function tryReadToken(api: BridgeApi): Promise<Told> {
  try {
    await api.flows({ limit: 1 });
  } catch (error) {
    const code = error instanceof BridgeRequestError ? error.code : null;
    if (code === null || TOKEN_CODES.has(code)) return fail(messageOf(error), t('app.start.read-token-fix'));
  }
  return ok(t('app.start.token-taken'));
}

function refusedControl(error: unknown): Told {
  const { code, status } = error instanceof BridgeRequestError ? error : { code: null, status: 0 };
  if (status === 403 && code === null) return skip(t('app.start.needs-editor'));
  if (code === 'busy' || code === 'rate_limited') return fail(messageOf(error), t('app.start.later'));
  if (code === 'flow_not_found' || code === 'not_found') return fail(messageOf(error), t('app.start.old-bridge'));
  return fail(messageOf(error), t('app.start.control-token-fix'));
}

async function findFlow(api: BridgeApi): Promise<Told> {
  try {
    const [flow] = (await api.flows({ limit: 1 })).flows;
    if (flow !== undefined) return ok(t('app.start.latest-flow', { age: formatAge(Date.now() - flow.started_ts) }));
    return { status: 'warn', detail: t('app.start.no-flow'), fix: t('app.start.no-flow-fix') };
  } catch (error) {
    return fail(messageOf(error), null);
  }
}
