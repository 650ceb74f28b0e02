import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { recordRequest, type ServedRequest } from '../cloudwatch/requests.ts';
import { networkOf } from '../runtimes/network.ts';
import type { Reach } from '../runtimes/runtime.ts';
import type { World } from '../world/world.ts';
import { actionFor, eligible } from './rules.ts';
import type { Balancer } from './state.ts';
import { balancerRegions, balancerStore, notInUse } from './store.ts';
import { turns } from './turns.ts';

const PREFIX = '/_local/balancers/';
const IDLE = 60_000; // real milliseconds, an ALB's default idle timeout
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer'];

/** Where the balancer of this name answers on this machine. A path may follow. */
export function balancerUrl(world: World, account: string, name: string): string {
  return `${world.url}${PREFIX}${account}/${name}/`;
}

/** The data plane: `/_local/balancers/<account>/<name>/…` goes to a target as the listener's rules say. */
export function balancer(
  world: World,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  let turn = 0;
  const groupFor = turns();
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://balancer');
    const [account = '', name = '', ...rest] = url.pathname.slice(PREFIX.length).split('/');
    const region = balancerRegions(world, account)[name];
    const found = region === undefined ? undefined : balancerNamed(world, account, region, name);
    const [listener] = found?.listeners ?? [];
    if (region === undefined || !found || !listener) {
      say(response, 404, `account ${account} has no load balancer "${name}" with a listener`);
      return;
    }
    const path = `/${rest.join('/')}`;
    const host = String(request.headers['x-forwarded-host'] ?? found.dnsName);
    const { rule, action } = actionFor(listener, { host, path });
    const measured = { balancer: found.arn, group: undefined, by: 'balancer', seconds: undefined } as const;
    const record = (of: Omit<ServedRequest, 'at'>) =>
      recordRequest(world, account, region, { at: world.clock.now(), ...of });
    if (action.kind === 'fixed-response') {
      say(response, action.status, action.body);
      record({ ...measured, status: action.status });
      return;
    }
    const store = balancerStore(world, account, region);
    const group = store.targetGroups[groupFor(rule, action.groups) ?? ''];
    const targets = eligible(
      (group?.targets ?? []).filter((one) => group && notInUse(store, group, one) === undefined),
    );
    turn += 1;
    const target = targets[turn % Math.max(1, targets.length)];
    if (!target) {
      say(response, 503, 'Service Temporarily Unavailable');
      record({ ...measured, status: 503 });
      return;
    }
    const reach = networkOf(world).at(account, region, target.id)?.reach(target.port);
    const to = { host, path: path + url.search, port: listener.port };
    const { by, seconds } = await forward(request, response, reach, to);
    record({ ...measured, group: group?.arn, by, seconds, status: response.statusCode });
  };
}

function balancerNamed(world: World, account: string, region: string, name: string): Balancer | undefined {
  return Object.values(balancerStore(world, account, region).balancers).find((one) => one.name === name);
}

function forward(
  request: IncomingMessage,
  response: ServerResponse,
  reach: Reach | undefined,
  to: { readonly host: string; readonly path: string; readonly port: number },
): Promise<Pick<ServedRequest, 'by' | 'seconds'>> {
  return new Promise((resolve) => {
    const begin = performance.now(); // real time: the target runs in it, whatever the world's clock does
    let seconds: number | undefined;
    const answered = () => {
      seconds = (performance.now() - begin) / 1_000;
    };
    response.once('close', () => resolve({ by: seconds === undefined ? 'balancer' : 'target', seconds }));
    if (!reach) {
      say(response, 502, 'Bad Gateway');
      return;
    }
    if (reach.kind === 'scripted') {
      answered();
      say(response, reach.status, reach.body);
      return;
    }
    const onward = ask({
      host: reach.host,
      port: reach.port,
      path: to.path,
      method: request.method,
      agent: false,
      timeout: IDLE,
      headers: {
        ...Object.fromEntries(Object.entries(request.headers).filter(([name]) => !HOP_BY_HOP.includes(name))),
        host: to.host,
        'x-forwarded-for': request.socket.remoteAddress ?? '',
        'x-forwarded-port': String(to.port),
        'x-forwarded-proto': 'http',
      },
    });
    const fail = (status: number, text: string) => {
      if (response.headersSent) response.destroy();
      else say(response, status, text);
    };
    onward.once('response', (answer) => {
      answered();
      const headers = Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.includes(name));
      response.writeHead(answer.statusCode ?? 502, Object.fromEntries(headers));
      answer.pipe(response);
      answer.once('error', () => response.destroy());
    });
    onward.once('timeout', () => {
      fail(504, 'Gateway Timeout');
      onward.destroy();
    });
    onward.once('error', () => fail(502, 'Bad Gateway'));
    response.once('close', () => onward.destroy());
    request.pipe(onward);
  });
}

function say(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}
