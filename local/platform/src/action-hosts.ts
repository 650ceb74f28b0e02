import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BootedProcess } from './boot-action.ts';

/** What a host is told: a step to run, or a signal for the step that it runs. */
export type ToHost = { readonly step: BootedProcess } | { readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL' };

/** What it answers: what the step prints, and how it ended. */
export type FromHost = { readonly text: string } | { readonly exitCode: number | null };

/** Processes that have loaded the shipped chunks before, for suites with hundreds of steps. */
export interface ActionHosts {
  /** Runs a step in a host that is free, or in a new one. Answers how to tell it more. */
  run(step: BootedProcess, hear: (said: FromHost) => void): (told: ToHost) => void;
  close(): void;
}

/** Where Node keeps compiled code for the next process; npm test says so. */
const COMPILED = process.env['NODE_COMPILE_CACHE']
  ? { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] }
  : {};

export function actionHosts(): ActionHosts {
  const idle: ChildProcess[] = [];
  const all = new Set<ChildProcess>();
  const begin = () => {
    const host = fork(join(import.meta.dirname, 'warm-host.ts'), {
      env: COMPILED, // a step brings its whole environment
      execArgv: [],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    all.add(host);
    host.on('exit', () => {
      all.delete(host);
      const at = idle.indexOf(host); // one that ends between two steps gets no other
      if (at >= 0) idle.splice(at, 1);
    });
    return host;
  };
  return {
    run: (step, hear) => {
      const host = idle.pop() ?? begin();
      const onMessage = (message: unknown) => {
        const said = message as FromHost; // ours, warm-host.ts
        if ('exitCode' in said) {
          leave();
          idle.push(host);
        }
        hear(said);
      };
      // A step's own words come as messages. Here Node says why it ends the process, also for what an earlier step left.
      const onText = (text: Buffer) => hear({ text: text.toString() });
      const onClose = (exitCode: number | null, signal: string | null) => {
        leave();
        if (signal !== null) hear({ text: `the process of this step ended by ${signal}\n` });
        hear({ exitCode });
      };
      const leave = () => {
        host.off('message', onMessage).off('close', onClose);
        host.stderr?.off('data', onText);
      };
      host.on('message', onMessage).on('close', onClose);
      host.stderr?.on('data', onText);
      host.send({ step });
      return (told) => {
        if ('signal' in told && told.signal === 'SIGKILL') host.kill('SIGKILL');
        else if (host.connected) host.send(told);
      };
    },
    close: () => {
      for (const host of all) if (host.connected) host.disconnect();
    },
  };
}

/** Serves hosts to other processes, over a socket whose path is answered: one connection is one step. */
export async function serveActionHosts(): Promise<{ readonly path: string; close(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'td-hosts-'));
  const path = join(folder, 'socket');
  const hosts = actionHosts();
  const server = createServer((socket) => serve(socket, hosts));
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(path, resolve);
  await promise;
  return {
    path,
    close: () => {
      server.close();
      hosts.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function serve(socket: Socket, hosts: ActionHosts): void {
  let tell: ((told: ToHost) => void) | undefined;
  let ended = false;
  createInterface({ input: socket }).on('line', (line) => {
    const told = JSON.parse(line) as ToHost; // ours, `remoteHosts`
    if ('step' in told)
      tell = hosts.run(told.step, (said) => {
        ended ||= 'exitCode' in said;
        socket.write(`${JSON.stringify(said)}\n`);
        if (ended) socket.end();
      });
    else tell?.(told);
  });
  socket.on('error', () => {}); // the asker is gone, which `close` tells too
  socket.on('close', () => {
    if (!ended) tell?.({ signal: 'SIGKILL' });
  });
}
