import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import type { World } from '../world/world.ts';
import { balancer } from './proxy.ts';
import type { Balancer } from './state.ts';
import { balancerStore } from './store.ts';

/**
 * Balancers as a task sees them from inside of its VPC: by their own names and ports, each mapped to a loopback port
 * like everything else that has an address there. To a task of another VPC those names mean nothing.
 */
export interface BalancersInside {
  /** Opens what is not open yet. */
  ready(account: string, region: string): Promise<void>;
  /** Variables with which a process of this machine finds the balancers of a VPC. */
  variables(account: string, region: string, vpc: string): Readonly<Record<string, string>>;
}

const opened = new WeakMap<World, BalancersInside>();

export function balancersInside(world: World): BalancersInside {
  const known = opened.get(world);
  if (known) return known;
  const inside = open(world);
  opened.set(world, inside);
  return inside;
}

function open(world: World): BalancersInside {
  const serve = balancer(world);
  const ports = new Map<string, number>();
  const servers = new Set<Server>();
  world.onClose(() => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  });
  const listen = async (account: string, { arn, name }: Balancer) => {
    const server = createServer((request, response) => {
      const { host } = request.headers;
      request.url = `/_local/balancers/${account}/${name}${request.url ?? '/'}`;
      if (host !== undefined) request.headers['x-forwarded-host'] = host;
      serve(request, response).catch(() => response.destroy());
    });
    servers.add(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    ports.set(arn, (server.address() as AddressInfo).port); // a TCP server that listens has one
  };
  const all = (account: string, region: string) =>
    Object.values(balancerStore(world, account, region).balancers);
  return {
    ready: async (account, region) => {
      const shut = all(account, region).filter(({ arn }) => !ports.has(arn));
      await Promise.all(shut.map((one) => listen(account, one)));
    },
    variables: (account, region, vpc) => {
      const names = all(account, region)
        .filter(({ vpcId }) => vpcId === vpc)
        .flatMap(({ arn, dnsName, listeners }) =>
          listeners.map(({ port }) => [`${dnsName}:${port}`, ports.get(arn)] as const),
        );
      return {
        LOCAL_AWS_NAMES: JSON.stringify(Object.fromEntries(names)),
        NODE_OPTIONS: `--import ${NAMES}`,
      };
    },
  };
}

const NAMES = pathToFileURL(`${import.meta.dirname}/names-inside.mjs`).href;
