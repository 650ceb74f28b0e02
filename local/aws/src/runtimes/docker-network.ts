import { existsSync, readFileSync } from 'node:fs';
import { overlap } from '../ec2/cidr.ts';
import { ec2Of } from '../ec2/state.ts';
import type { World } from '../world/world.ts';
import { LABEL } from './docker-belongings.ts';
import { type DockerEngine, EngineError } from './docker-engine.ts';
import type { TaskOrder } from './runtime.ts';

/** One VPC at the engine. */
export interface EngineNetwork {
  readonly id: string;
  /** Whether a task has its own address there; else the engine gives it one, because the VPC's range is taken. */
  readonly ownAddresses: boolean;
}

/** The network of a task's VPC, made when its first task asks for it. */
export function vpcNetworks(
  world: Pick<World, 'state'>,
  engine: DockerEngine,
  name: string,
): (order: TaskOrder) => Promise<EngineNetwork> {
  const known = new Map<string, Promise<EngineNetwork>>();
  return (order) => {
    const { id, cidr } = vpcOf(world, order);
    const key = `${order.account}-${order.region}-${id}`;
    const found = known.get(key) ?? makeNetwork(engine, `${name}-${key}`, name, cidr);
    known.set(key, found);
    found.catch(() => known.delete(key));
    return found;
  };
}

/** A subnet that no VPC is known for is a network by itself. */
function vpcOf(world: Pick<World, 'state'>, { account, region, subnet }: TaskOrder) {
  const { subnets, vpcs } = ec2Of(world, account, region);
  return vpcs[subnets[subnet.id]?.vpc ?? ''] ?? subnet;
}

async function makeNetwork(
  engine: DockerEngine,
  name: string,
  world: string,
  cidr: string,
): Promise<EngineNetwork> {
  const make = async (ipam: object): Promise<string> => {
    const body = { Name: name, Driver: 'bridge', Labels: { [LABEL]: world }, ...ipam };
    return String(Reflect.get(Object(await engine.call('POST', '/networks/create', body)), 'Id'));
  };
  if (!takenHere(cidr)) {
    try {
      return { id: await make({ IPAM: { Config: [{ Subnet: cidr }] } }), ownAddresses: true };
    } catch (cause) {
      // Another network of the engine has the range: another world with the same contract, for one.
      if (!(cause instanceof EngineError) || !/overlap/i.test(cause.message)) throw cause;
    }
  }
  return { id: await make({}), ownAddresses: false };
}

/** Whether this machine itself has a way into the range: its own traffic must not go into a bridge, nor ours elsewhere. */
function takenHere(cidr: string): boolean {
  const table = existsSync(ROUTES) ? readFileSync(ROUTES, 'utf8') : ''; // elsewhere the engine has a machine of its own
  return routesIn(table).some((route) => overlap(route, cidr));
}

const ROUTES = '/proc/net/route';

/** The ranges of Linux's routing table, without the default route. Addresses stand there in hex, last byte first. */
export function routesIn(table: string): readonly string[] {
  const rows = table.split('\n').map((line) => line.split('\t'));
  const bytes = (hex: string) => Buffer.from(hex.trim(), 'hex').reverse();
  return rows.slice(1).flatMap(([, destination = '', , , , , , mask = '']) => {
    const bits = [...bytes(mask)].map((byte) => byte.toString(2).replaceAll('0', '')).join('').length;
    return bits === 0 ? [] : [`${bytes(destination).join('.')}/${bits}`];
  });
}
