/**
 * What a probe runs: `node -e PROGRAM ORDER`, with the Node of the image, old or new. It asks until two answers in a row
 * are good or two are bad, five times at most, and ends with a code that says how. Of each answer it
 * writes the status and the time, and nothing of what the service said.
 */
export const PROBE_PROGRAM = `'use strict';
const order = JSON.parse(process.argv[1]);
const { request } = require(order.tls ? 'https' : 'http');
const CODES = { good: 0, status: 10, late: 11, broken: 12, unreached: 13 };
let asked = 0;
let last = '';
function ask() {
  asked += 1;
  const began = process.uptime();
  let connected = false;
  let over = false;
  const end = (kind, more) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    going.destroy();
    const milliseconds = Math.round((process.uptime() - began) * 1000);
    console.log(JSON.stringify(Object.assign({ probe: asked, kind, milliseconds }, more)));
    const again = kind === 'good' ? last === 'good' : last !== '' && last !== 'good';
    last = kind;
    if (again || asked === 5) process.exitCode = asked === 5 && !again && kind === 'good' ? CODES.broken : CODES[kind];
    else setTimeout(ask, 300);
  };
  const going = request({
    host: order.host,
    port: order.port,
    path: order.path,
    method: 'GET',
    agent: false,
    servername: order.name,
    rejectUnauthorized: false,
    headers: { host: order.name, 'user-agent': 'tenant-delivery-probe', connection: 'close' },
  });
  const timer = setTimeout(() => end(connected ? 'late' : 'unreached', { error: 'TIMEOUT' }), order.milliseconds);
  going.on('socket', (socket) => socket.once('connect', () => { connected = true; }));
  going.on('response', ({ statusCode: status }) => {
    end(status >= order.from && status <= order.to ? 'good' : 'status', { status });
  });
  going.on('error', ({ code }) => end(connected ? 'broken' : 'unreached', { error: String(code) }));
  going.end();
}
ask();
`;
