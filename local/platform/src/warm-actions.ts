import { PassThrough } from 'node:stream';
import {
  type ProcessEnd as Ended,
  type ProcessStart,
  readLines,
  stopWithPatience,
} from '@tenant-delivery/local-github/runner/step/start-process';
import { type ActionHosts, actionHosts } from './action-hosts.ts';
import { type Booted, type BootedProcess, type BootOptions, boot, type ProcessEnd } from './boot-action.ts';
import { remoteHosts } from './remote-hosts.ts';

/** Where hosts are served to every suite of a run, as a variable of the environment. */
export const HOSTS = 'TD_ACTION_HOSTS';

/** Starts shipped bundles in processes that have loaded their chunks before. */
export interface WarmActions {
  /** As `bootAction`. */
  boot(action: string, options?: BootOptions): Promise<Booted>;
  /** As local-github's runner starts the file of a JavaScript action. */
  start(start: ProcessStart): Promise<Ended>;
  close(): void;
}

/**
 * For suites with hundreds of steps: the bytes of `dist/` run as in a process of their own, each entry evaluated again,
 * but chunks stay loaded from step to step, so that a step costs what it does and not what Node does to start it.
 */
export function warmActions(): WarmActions {
  const served = process.env[HOSTS];
  const hosts = served === undefined ? actionHosts() : remoteHosts(served);
  return {
    boot: (action, options = {}) => boot(action, options, (work) => runWhole(hosts, work)),
    start: (start) => runAsStarted(hosts, start),
    close: () => hosts.close(),
  };
}

async function runWhole(hosts: ActionHosts, work: BootedProcess): Promise<ProcessEnd> {
  let text = '';
  const { promise, resolve } = Promise.withResolvers<number | null>();
  hosts.run(work, (said) => {
    if ('text' in said) text += said.text;
    else resolve(said.exitCode);
  });
  return { exitCode: await promise, text };
}

async function runAsStarted(hosts: ActionHosts, start: ProcessStart): Promise<Ended> {
  const { command, folder, env, onLine } = start;
  const printed = new PassThrough();
  const reading = readLines(printed, onLine);
  const { promise, resolve } = Promise.withResolvers<number | null>();
  const tell = hosts.run({ file: command[1] ?? '', folder, env }, (said) => {
    if ('text' in said) printed.write(said.text);
    else resolve(said.exitCode);
  });
  const signals = stopWithPatience((signal) => tell({ signal }), start);
  try {
    return { code: await promise };
  } finally {
    signals.end();
    printed.end();
    await reading;
  }
}
