import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localRelease } from './local-release.ts';

export interface Booted {
  readonly exitCode: number | null;
  readonly outputs: Readonly<Record<string, string>>;
  readonly lines: readonly string[];
  /** Headlines of error annotations, by title. */
  readonly errors: readonly { readonly title: string; readonly message: string }[];
  readonly summary: string;
}

export interface BootOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** What the runner gives to a step: where to run what, and with which environment. */
export interface BootedProcess {
  readonly file: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** How it ended, and all that it printed. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly text: string;
}

/**
 * Starts a shipped bundle of a local release as the runner does: Node with the file alone, the workspace as working directory, inputs and
 * file commands in the environment, nothing of this machine's environment but PATH.
 */
export function bootAction(action: string, options: BootOptions = {}): Promise<Booted> {
  return boot(action, options, startNode);
}

/** The same, with `start` in place of a new process. */
export async function boot(
  action: string,
  { inputs = {}, env = {} }: BootOptions,
  start: (process: BootedProcess) => Promise<ProcessEnd>,
): Promise<Booted> {
  const folder = mkdtempSync(join(tmpdir(), 'td-boot-'));
  const file = (name: string) => {
    const path = join(folder, name);
    writeFileSync(path, '');
    return path;
  };
  const output = file('output');
  const summary = file('summary');
  try {
    const { exitCode, text } = await start({
      file: join(localRelease(), 'dist', `${action}.mjs`),
      folder,
      env: {
        PATH: process.env['PATH'] ?? '',
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_STATE: file('state'),
        GITHUB_ENV: file('env'),
        GITHUB_WORKSPACE: folder,
        RUNNER_TEMP: folder,
        ...Object.fromEntries(
          Object.entries(inputs).map(([name, value]) => [
            `INPUT_${name.toUpperCase().replaceAll(' ', '_')}`,
            value,
          ]),
        ),
        ...env,
      },
    });
    const lines = text.split('\n');
    return {
      exitCode,
      lines,
      outputs: readOutputs(readFileSync(output, 'utf8')),
      errors: obeyed(lines).flatMap((line) => {
        const found = /^::error(?: title=([^:,]*))?[^:]*::(.*)$/.exec(line);
        return found ? [{ title: found[1] ?? '', message: decodeURIComponent(found[2] ?? '') }] : [];
      }),
      summary: readFileSync(summary, 'utf8'),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startNode({ file, folder, env }: BootedProcess): Promise<ProcessEnd> {
  const child = spawn(process.execPath, [file], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk;
    });
  }
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on('error', reject);
  child.on('close', resolve);
  return { exitCode: await promise, text };
}

/** The lines that the runner would read as commands: all but those between `::stop-commands::TOKEN` and `::TOKEN::`. */
function obeyed(lines: readonly string[]): readonly string[] {
  let token: string | undefined;
  return lines.filter((line) => {
    const stopped = token !== undefined;
    if (line === `::${token}::`) token = undefined;
    else token ??= /^::stop-commands::(.+)$/.exec(line)?.[1];
    return !stopped;
  });
}

/** `name<<DELIMITER`, lines, `DELIMITER`: the form that @actions/core writes. */
function readOutputs(text: string): Readonly<Record<string, string>> {
  const found = text.matchAll(/^([^\n<]+)<<(ghadelimiter_[^\n]+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...found].map(([, name = '', , value = '']) => [name, value]));
}
