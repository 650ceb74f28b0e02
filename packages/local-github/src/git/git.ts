import { spawn } from 'node:child_process';

export interface GitOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are answers, apart from 0. */
  readonly allow?: readonly number[];
}

export interface GitAnswer {
  readonly code: number;
  readonly output: Buffer;
}

/**
 * Runs git on a repository, bare or not, without the machine's and the user's configuration: what is answered
 * depends on the repository alone.
 */
export async function git(
  path: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitAnswer> {
  const child = spawn('git', ['-C', path, ...args], {
    env: {
      PATH: process.env['PATH'] ?? '',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      LC_ALL: 'C',
      TZ: 'UTC',
      ...options.env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  const complaints: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  // git may end before it has read everything; its exit code tells what happened.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.on('error', reject);
  child.on('close', (code) => resolve(code ?? -1));
  const code = await promise;
  if (code === 0 || options.allow?.includes(code)) return { code, output: Buffer.concat(output) };
  throw new Error(
    `git ${args[0]} failed in ${path} (${code}): ${Buffer.concat(complaints).toString().trim()}`,
  );
}

/** The answer as text, without the line break at its end. */
export async function gitText(path: string, args: readonly string[], options?: GitOptions): Promise<string> {
  return (await git(path, args, options)).output.toString().replace(/\n$/, '');
}
