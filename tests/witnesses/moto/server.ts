import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/**
 * moto's own server answers in threads, and takes no lock: of two requests that create the same object at once, both may
 * win. So it answers one request after the other here, and what it says hangs on no machine.
 */
const SERVER = `
import sys
from werkzeug.serving import run_simple
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
run_simple('127.0.0.1', int(sys.argv[1]), DomainDispatcherApplication(create_backend_app), threaded=False)
`;

/** moto as a server: a double of AWS that nobody here wrote. `python` is the one that has it. */
export async function startMoto(python: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const port = await freePort();
  const server = spawn(python, ['-c', SERVER, String(port)], { stdio: 'ignore' });
  const ended = once(server, 'exit');
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 300 && server.exitCode === null; tries += 1) {
    const answer = await fetch(`${url}/moto-api/data.json`).catch(() => undefined);
    if (answer?.ok)
      return {
        url,
        close: async () => {
          server.kill();
          await ended;
        },
      };
    await setTimeout(200);
  }
  server.kill();
  throw new Error('moto did not answer within a minute');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
