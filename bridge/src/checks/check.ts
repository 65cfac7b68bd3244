import type { Check } from '@flow-tracking/protocol';
import { messageOf } from '../errors';

/** What a look at something found. */
export type Finding = Pick<Check, 'status' | 'detail' | 'fix'>;

export const ok = (detail: string): Finding => ({ status: 'ok', detail, fix: null });
export const warn = (detail: string, fix: string): Finding => ({ status: 'warn', detail, fix });
export const fail = (detail: string, fix: string): Finding => ({ status: 'fail', detail, fix });
export const skip = (detail: string): Finding => ({ status: 'skip', detail, fix: null });

/** A server that hangs answers nothing, and the checks after it are to be seen as well. */
const DEADLINE_MS = 1_500;

/** One check before it is made. */
export interface CheckPlan {
  id: string;
  title: string;
  /** Rejecting is failing. */
  look: () => Finding | Promise<Finding>;
  /** What to do when `look` rejects. */
  fix: string;
}

/** Makes one check; never rejects, and takes {@link DEADLINE_MS} at most. */
export async function makeCheck({ id, title, look, fix }: CheckPlan): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => resolve(fail(`No answer in ${DEADLINE_MS} ms`, fix)), DEADLINE_MS);
  });
  try {
    const looking = Promise.resolve().then(look);
    return { id, title, ...(await Promise.race([looking, deadline])) };
  } catch (error) {
    return { id, title, ...fail(messageOf(error) || 'The connection was refused', fix) };
  } finally {
    clearTimeout(timer);
  }
}

/** The first check decides whether the others can be made; those are skipped when it fails. */
export async function makeChecks([first, ...others]: readonly [CheckPlan, ...CheckPlan[]]): Promise<Check[]> {
  const made = await makeCheck(first);
  if (made.status === 'fail') {
    return [made, ...others.map(({ id, title }) => ({ id, title, ...skip(`Not looked at: ${first.id} fails`) }))];
  }
  return [made, ...(await Promise.all(others.map(makeCheck)))];
}
