import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A span as its SDK has it. */
export interface ToldSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentId: string;
  startMs: number;
  endMs: number;
}

/** A process with an SDK that exports to the bridge; see agent.mjs. */
export interface Exporter {
  /** Takes a step; resolves when the SDK says that it has sent the spans. */
  step(name: 'begin' | 'think' | 'finish'): Promise<ToldSpan[]>;
  /** Resolves with the exit code and what was printed. */
  ended(): Promise<{ code: number | null; output: string }>;
  kill(): void;
}

/** Starts a file of this folder with nothing but this environment. */
export async function startExporter(file: string, env: Record<string, string>, cwd?: string): Promise<Exporter> {
  const { PATH = '', HOME = '' } = process.env;
  const child = fork(file, {
    cwd,
    env: { PATH, HOME, ...env },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (output += data.toString()));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const message = async <T>(): Promise<T> => {
    const given = once(child, 'message') as Promise<[T]>;
    const first = await Promise.race([given, exited.then(([code]) => code)]);
    if (!Array.isArray(first)) throw new Error(`${file} ended with ${first}: ${output}`);
    return first[0];
  };
  await message();
  return {
    step(name) {
      const told = message<ToldSpan[]>();
      child.send(name);
      return told;
    },
    async ended() {
      const [code] = await exited;
      return { code, output };
    },
    kill: () => child.kill('SIGKILL'),
  };
}
