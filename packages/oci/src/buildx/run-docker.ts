import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface DockerRun {
  /** `missing` where there is no such program. */
  readonly code: number | 'missing' | 'cancelled';
  readonly output: readonly string[];
}

export interface RunOptions {
  readonly say?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** What it reads from its input. */
  readonly input?: AsyncIterable<Uint8Array>;
}

const KEPT = 2_000; // lines

/** Runs `docker` with exactly this environment; every line goes to `say` as it comes. */
export async function runDocker(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  options: RunOptions = {},
): Promise<DockerRun> {
  const child = spawn('docker', args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const output: string[] = [];
  const read = async (stream: NodeJS.ReadableStream) => {
    for await (const line of createInterface({ input: stream })) {
      if (output.length < KEPT) output.push(line);
      options.say?.(line);
    }
  };
  const cancel = () => child.kill('SIGTERM');
  options.signal?.addEventListener('abort', cancel);
  const ended = new Promise<DockerRun['code']>((resolve, reject) => {
    child.once('error', (cause) => {
      if (Reflect.get(cause, 'code') === 'ENOENT') resolve('missing');
      else reject(cause);
    });
    child.once('close', (code) => resolve(options.signal?.aborted ? 'cancelled' : (code ?? 1)));
  });
  try {
    const writing = pipeline(Readable.from(options.input ?? []), child.stdin);
    writing.catch(() => {}); // a program that ends before it has read everything says why itself
    const [code] = await Promise.all([ended, read(child.stdout), read(child.stderr)]);
    return { code, output };
  } finally {
    options.signal?.removeEventListener('abort', cancel);
  }
}
