import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { type Booted, type BootedProcess, type BootOptions, boot, type ProcessEnd } from './boot-action.ts';

/** Starts shipped bundles in processes that have loaded their chunks before. */
export interface WarmActions {
  boot(action: string, options?: BootOptions): Promise<Booted>;
  close(): void;
}

/**
 * For suites with hundreds of steps: the bytes of `dist/` run as in `bootAction`, each entry evaluated anew, but chunks
 * stay loaded from step to step, so that a step costs what it does and not what Node does to start it.
 */
export function warmActions(): WarmActions {
  const idle: ChildProcess[] = [];
  const all = new Set<ChildProcess>();
  const start = async (work: BootedProcess): Promise<ProcessEnd> => {
    const host = idle.pop() ?? fork(join(import.meta.dirname, 'warm-host.ts'), { env: {}, execArgv: [] });
    all.add(host);
    const { promise, resolve, reject } = Promise.withResolvers<ProcessEnd>();
    const onExit = (code: number | null) => reject(new Error(`the host of actions ended with ${code}`));
    host.once('message', (end) => resolve(end as ProcessEnd)); // ours, warm-host.ts
    host.once('exit', onExit);
    host.send(work);
    const end = await promise;
    host.off('exit', onExit);
    idle.push(host);
    return end;
  };
  return {
    boot: (action, options = {}) => boot(action, options, start),
    close: () => {
      for (const host of all) host.disconnect();
    },
  };
}
