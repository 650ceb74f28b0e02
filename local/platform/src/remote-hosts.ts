import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { ActionHosts, FromHost, ToHost } from './action-hosts.ts';

/** The hosts that `serveActionHosts` serves at this path, shared by all who know it. */
export function remoteHosts(path: string): ActionHosts {
  return {
    run: (step, hear) => {
      const socket = connect(path);
      let ended = false;
      const end = (said: FromHost) => {
        if (ended) return;
        ended = 'exitCode' in said;
        hear(said);
      };
      const tell = (told: ToHost) => void socket.write(`${JSON.stringify(told)}\n`);
      createInterface({ input: socket }).on('line', (line) => end(JSON.parse(line) as FromHost)); // ours, `serve`
      socket.on('error', ({ message }) => end({ text: `the host of actions: ${message}\n` }));
      socket.on('close', () => end({ exitCode: null }));
      tell({ step });
      return (told) => {
        if (!ended) tell(told);
      };
    },
    close: () => {},
  };
}
