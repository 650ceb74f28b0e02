import { execFile } from 'node:child_process';

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Command {
  /** What it printed; an error with everything it said when it fails. */
  (args: readonly string[], given?: Given): Promise<string>;
  /** What it said on standard error when it failed; an error when it did not. */
  refused(args: readonly string[], given?: Given): Promise<string>;
  /** How it ended, whichever way. */
  ran(args: readonly string[], given?: Given): Promise<Ran>;
}

interface Given {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A program of somebody else's, with a folder for its home and nothing of this machine's environment but PATH. */
export function command(
  program: string,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Command {
  const ran = (args: readonly string[], given: Given = {}) =>
    run(program, folder, args, { ...given, env: { ...env, ...given.env } });
  const said = ({ exitCode, stdout, stderr }: Ran, args: readonly string[]) =>
    `${program} ${args.join(' ')}: exit code ${exitCode}\n${stdout}${stderr}`;
  return Object.assign(
    async (args: readonly string[], given?: Given) => {
      const end = await ran(args, given);
      if (end.exitCode !== 0) throw new Error(said(end, args));
      return end.stdout;
    },
    {
      ran,
      refused: async (args: readonly string[], given?: Given) => {
        const end = await ran(args, given);
        if (end.exitCode === 0) throw new Error(`not refused: ${said(end, args)}`);
        return end.stderr;
      },
    },
  );
}

function run(program: string, folder: string, args: readonly string[], { input, env }: Given): Promise<Ran> {
  const { promise, resolve, reject } = Promise.withResolvers<Ran>();
  const child = execFile(
    program,
    args,
    {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env },
      timeout: 180_000, // a waiter of the AWS command line looks every 30 seconds
      maxBuffer: 2 ** 24,
    },
    (error, stdout, stderr) => {
      const code: unknown = error === null ? 0 : Reflect.get(error, 'code');
      if (typeof code === 'number') resolve({ exitCode: code, stdout, stderr });
      else reject(error);
    },
  );
  // A program that ends before it reads breaks the pipe. How it ended tells all that counts.
  child.stdin?.on('error', () => {}).end(input);
  return promise;
}
