import { type RunnableImage, useImageSource } from '../src/runtimes/image-source.ts';
import { seedCluster, seedService } from '../src/services/ecs.ts';
import { balancerUrl, seedBalancer, seedTargetGroup } from '../src/services/elasticloadbalancing.ts';
import { seedLogGroup } from '../src/services/logs.ts';
import { memoryBlobs } from '../src/world/blobs.ts';
import type { Call, Handler } from '../src/world/service.ts';
import type { World } from '../src/world/world.ts';
import { ZONES } from './ecs-harness.ts';
import { noBlobs } from './no-blobs.ts';

export const ACCOUNT = '000011112222';
export const REGION = 'eu-west-1';
export const LOG_GROUP = '/td/acme/prod/orders';
export const EXECUTION_ROLE = `arn:aws:iam::${ACCOUNT}:role/acme-prod-orders-execution`;
const TASK_ROLE = `arn:aws:iam::${ACCOUNT}:role/acme-prod-orders-task`;

/** A world whose time passes only when a test says so: hours of it in milliseconds, the same on every machine. */
export interface ManualWorld extends World {
  /** Lets this much time pass, with all that happens in it. */
  run(seconds: number): Promise<void>;
  readonly call: Call;
  /** What a tag means now, by whole reference. */
  readonly tags: Map<string, string>;
}

export function manualWorld(): ManualWorld {
  let now = Date.parse('2026-11-24T08:00:00Z');
  let order = 0;
  const queue: { readonly at: number; readonly order: number; readonly work: () => void }[] = [];
  const stores = new Map<string, object>();
  const tags = new Map<string, string>();
  const after = (milliseconds: number, work: () => void) => {
    const entry = { at: now + Math.max(0, milliseconds), order: order++, work };
    queue.push(entry);
    return () => {
      const place = queue.indexOf(entry);
      if (place >= 0) queue.splice(place, 1);
    };
  };
  const world: ManualWorld = {
    clock: {
      scale: 1,
      now: () => now,
      after,
      sleep: (milliseconds) => new Promise((resolve) => void after(milliseconds, () => resolve())),
      variable: '',
      date: () => new Date(now),
    },
    state: <T extends object>(name: string, account: string, region: string, make: () => T) => {
      const key = [name, account, region].join('/');
      if (!stores.has(key)) stores.set(key, make());
      return stores.get(key) as T; // each service opens its own name with its own type
    },
    stored: (key) => stores.get(key),
    touched: () => undefined,
    blobs: memoryBlobs(),
    tags,
    url: 'http://127.0.0.1:4566',
    accounts: new Set([ACCOUNT]),
    runtime: 'simulated',
    onClose: () => undefined,
    run: async (seconds) => {
      const until = now + seconds * 1_000;
      for (;;) {
        await settled();
        queue.sort((a, b) => a.at - b.at || a.order - b.order);
        const next = queue[0];
        if (!next || next.at > until) break;
        queue.shift();
        now = next.at;
        next.work();
      }
      now = until;
    },
    get call() {
      return callIn(world, ACCOUNT);
    },
  };
  useImageSource(world, { resolve: async (_, __, reference) => imageFor(tags.get(reference) ?? reference) });
  return world;
}

/** Promises that are due have run; two rounds, because a check's answer leads to another promise. */
async function settled(): Promise<void> {
  for (let round = 0; round < 2; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

export function callIn(world: World, account: string): Call {
  const principal = { account, arn: `arn:aws:iam::${account}:user/operator` };
  return { principal, account, region: REGION, requestId: 'request', world, headers: {} };
}

/** Every image exists, except those called `missing`, and those for another processor called `arm`. */
function imageFor(reference: string): RunnableImage | 'not-found' | 'no-matching-platform' {
  if (reference.includes('missing')) return 'not-found';
  if (reference.includes('arm')) return 'no-matching-platform';
  return {
    digest: reference.split('@')[1] ?? `sha256:${'0'.repeat(64)}`,
    platform: { os: 'linux', architecture: 'amd64' },
    config: { cmd: ['node'], entrypoint: [], env: {}, workdir: '/', user: '', exposedPorts: [] },
    unpack: async () => undefined,
    blobs: () => noBlobs,
  };
}

export const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
export const image = (letter: string) => `127.0.0.1:4566/acme/orders@${digest(letter)}`;

/** The service `orders` of `acme-prod`, two tasks behind an internal balancer, running since its provisioning. */
export async function withOrders(world: ManualWorld, seed: { readonly gracePeriodSeconds?: number } = {}) {
  seedCluster(world, ACCOUNT, REGION, { name: 'acme-prod', subnets: ZONES, tags: { tenant: 'acme' } });
  seedLogGroup(world, ACCOUNT, REGION, { name: LOG_GROUP });
  const subnets = ZONES.map(({ id, zone }) => ({ id, zone }));
  seedBalancer(world, ACCOUNT, REGION, {
    name: 'acme-prod-internal',
    scheme: 'internal',
    vpcId: 'vpc-1',
    subnets,
    securityGroups: ['sg-1'],
    listenerPort: 80,
  });
  const targetGroup = seedTargetGroup(world, ACCOUNT, REGION, {
    name: 'acme-prod-orders',
    port: 8080,
    vpcId: 'vpc-1',
    healthCheck: { path: '/healthz' },
    balancer: 'acme-prod-internal',
  });
  const service = seedService(world, ACCOUNT, REGION, {
    name: 'orders',
    cluster: 'acme-prod',
    family: 'acme-prod-orders',
    container: { name: 'orders', port: 8080 },
    image: image('a'),
    subnets: ZONES.map(({ id }) => id),
    securityGroups: ['sg-1'],
    targetGroupArn: targetGroup.arn,
    logGroup: LOG_GROUP,
    executionRoleArn: EXECUTION_ROLE,
    taskRoleArn: TASK_ROLE,
    desiredCount: 2,
    gracePeriodSeconds: seed.gracePeriodSeconds ?? 0,
    tags: { tenant: 'acme', environment: 'prod' },
  });
  await world.run(60);
  return {
    targetGroupArn: targetGroup.arn,
    serviceArn: service.arn,
    url: balancerUrl(world, ACCOUNT, 'acme-prod-internal'),
  };
}

/** Calls an operation's handler, without the wire. */
export async function ask<Output>(handler: Handler | undefined, input: object, call: Call): Promise<Output> {
  if (!handler) throw new Error('no such operation');
  return (await handler(input, call)) as Output; // the caller names the SDK's type of this operation
}
