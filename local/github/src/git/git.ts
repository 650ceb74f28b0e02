import { runCommand } from './run-command.ts';

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
  const { code, output, complaints } = await runCommand({
    program: 'git',
    args: ['-C', path, ...args],
    env: {
      PATH: process.env['PATH'] ?? '',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      LC_ALL: 'C',
      TZ: 'UTC',
      ...options.env,
    },
    ...(options.input !== undefined && { input: options.input }),
  });
  if (code === 0 || options.allow?.includes(code)) return { code, output };
  throw new Error(`git ${args[0]} failed in ${path} (${code}): ${complaints.toString().trim()}`);
}

/** The answer as text, without the line break at its end. */
export async function gitText(path: string, args: readonly string[], options?: GitOptions): Promise<string> {
  return (await git(path, args, options)).output.toString().replace(/\n$/, '');
}

/** Answers about objects that are named by their full id: they never change, so git is asked once. */
const known = new Map<string, Promise<Buffer>>();
const KNOWN_AT_MOST = 500;
const FULL_ID = /^[0-9a-f]{40}(?:\^\{\w+\})?$/;

/** `git`, asked once about an object that has been found by this full id. */
export async function gitOfObject(path: string, id: string, args: readonly string[]): Promise<Buffer> {
  if (!FULL_ID.test(id)) return (await git(path, args)).output;
  const key = [path, ...args].join('\0');
  const before = known.get(key);
  if (before) return before;
  const answer = git(path, args).then(({ output }) => output);
  known.set(key, answer);
  answer.catch(() => known.delete(key)); // an object that is not there yet may come
  for (const oldest of known.keys()) {
    if (known.size <= KNOWN_AT_MOST) break;
    known.delete(oldest);
  }
  return answer;
}
