import { spawn, type ChildProcess } from 'node:child_process';
import { waitFor } from './wait-for';

/** A process that a test started, with all that it printed. */
export interface TestProcess {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves with the exit code, or the name of the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** SIGTERM; resolves like {@link exited}. */
  stop(): Promise<number | NodeJS.Signals>;
}

/**
 * Starts `node <args>` with this environment on top of a bare one, so that nothing of the caller's leaks in.
 *
 * @param cwd the folder it runs in; without one, the caller's
 */
export function startNode(args: readonly string[], env: Record<string, string> = {}, cwd?: string): TestProcess {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, args, { cwd, env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 0));
  });
  return {
    child,
    exited,
    output: () => output,
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

/** Waits until `url` answers 200; fails early, with its output, when the process ends. */
export async function untilHealthy(process: TestProcess, url: string): Promise<void> {
  let ended: number | string | undefined;
  void process.exited.then((code) => (ended = code));
  await waitFor(
    `${url} answers`,
    async () => {
      if (ended !== undefined) return true;
      return (await fetch(url)).ok;
    },
    30_000,
  );
  if (ended !== undefined) throw new Error(`The process ended with ${ended}:\n${process.output()}`);
}
