import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FaultKind } from '@tenant-delivery/local-aws';
import { simulatedOf } from '@tenant-delivery/local-aws/services/ecs';
import { isWell, otherImage, truthOf, untruths } from '../stage/deploy-truth.ts';
import { type VirtualStage, virtualStage } from '../stage/virtual-stage.ts';

/*
 * Every operation that a deploy calls, failing in every way, once and for ever, while a good release and a bad one are
 * deployed.
 */
const LIMIT = 20 * 60_000; // milliseconds: the deploy's own limit
const LANDING = 15 * 60_000;
const BLIND = 4 * 60_000; // how long nothing may be seen before it gives up
const FOREVER = 10_000;
const KINDS: readonly FaultKind[] = [
  'throttle',
  'denied',
  'expired',
  'server-error',
  'reset-after-effect',
  'empty-reply',
  'truncated',
];

let stage: VirtualStage;
beforeAll(async () => {
  stage = await virtualStage();
}, 60_000);
afterAll(() => stage.close());

test.each(['good', 'bad'] as const)(
  'no fault of AWS makes a false green, a lost record or an endless wait: a %s release',
  async (release) => {
    const operations = await operationsOf(release);
    expect(operations.length).toBeGreaterThan(10);
    const cases = operations.flatMap(({ name, tellsOnce, tells }) =>
      KINDS.flatMap((kind) => [
        ...(tellsOnce ? [{ name, kind, times: 1 }] : []),
        ...(tells ? [{ name, kind, times: FOREVER }] : []),
      ]),
    );
    const lies: string[] = [];
    for (const { name, kind, times } of cases) {
      const [service = '', operation = ''] = name.split(':');
      const told = await deployed(release, { service, operation, nth: 1, times, kind });
      const what = `${name} ${kind} ${times === 1 ? 'once' : 'for ever'}`;
      lies.push(...told.lies.map((lie) => `${what}: ${lie}`));
      if (told.took > LIMIT + LANDING + BLIND) lies.push(`${what}: it waited ${told.took / 60_000} minutes`);
    }
    expect(lies).toEqual([]);
  },
  1_200_000,
);

test.each(['good', 'bad'] as const)(
  'no slow answer of AWS makes a false green, a second update or an endless wait: a %s release',
  async (release) => {
    const operations = (await operationsOf(release)).filter(({ tells }) => tells);
    // A request that waits makes no time pass by itself: here the world's goes on while one is under way.
    const passing = setInterval(() => void stage.clock.advance(200), 5);
    const lies: string[] = [];
    try {
      for (const { name } of operations) {
        const [service = '', operation = ''] = name.split(':');
        const told = await deployed(release, {
          service,
          operation,
          nth: 1,
          times: 2,
          kind: 'slow',
          milliseconds: 9_000,
        });
        lies.push(...told.lies.map((lie) => `${name} slow: ${lie}`));
        if (told.took > LIMIT + LANDING + BLIND)
          lies.push(`${name} slow: it waited ${told.took / 60_000} minutes`);
      }
    } finally {
      clearInterval(passing);
    }
    expect(lies).toEqual([]);
  },
  1_200_000,
);

/**
 * The operations that a deploy calls, and whether a fault of the first call, or of all of them, tells something. Until it
 * changes something a deploy of a bad release is one of a good release, and those faults were played with that.
 */
async function operationsOf(release: 'good' | 'bad') {
  const { calls } = await deployed(release);
  const names = calls.map(({ service, operation }) => `${service}:${operation}`);
  const from = release === 'good' ? 0 : names.indexOf('ecs:RegisterTaskDefinition');
  return [...new Set(names)].map((name) => ({
    name,
    tellsOnce: names.indexOf(name) >= from,
    tells: names.lastIndexOf(name) >= from,
  }));
}

async function deployed(release: 'good' | 'bad', fault?: Parameters<VirtualStage['aws']['fail']>[0]) {
  const before = truthOf(stage);
  const image = otherImage(stage);
  const simulated = simulatedOf(stage.aws.world);
  simulated.script(image.digest, release === 'bad' ? { exit: { code: 3, afterSeconds: 2 } } : {});
  const change = await stage.approved(image);
  if (fault) stage.aws.fail(fault);
  const first = await stage.deploy(change);
  stage.aws.mend();
  let attempts = 1;
  const lies = [...(await untruths(stage, change, before, first))];
  if (first.outcome instanceof Error || first.outcome.outcome === 'cancelled') {
    attempts = 2;
    const again = await stage.deploy(change, { attempt: 2 });
    const effects = [...first.calls, ...again.calls]
      .filter(({ operation }) => operation === 'UpdateService')
      .reduce((sum, call) => sum + call.effects, 0);
    if (effects > 1) lies.push(`two attempts updated the service ${effects} times`);
    if (again.outcome instanceof Error) lies.push(`the next run ended in ${again.outcome.message}`);
    else lies.push(...(await untruths(stage, change, before, again)));
  }
  simulated.script(image.digest, {});
  await settledDown(change, attempts);
  return { calls: first.calls, took: first.took, lies };
}

/** The next case starts from a service that is well and a record without an open change. */
async function settledDown(change: string, attempts: number): Promise<void> {
  await stage.settle(change, 'abandoned', attempts);
  for (let minutes = 0; minutes < 60 && !isWell(truthOf(stage)); minutes += 1)
    await stage.clock.advance(60_000);
  if (!isWell(truthOf(stage))) throw new Error(`the service of the stage is not well after ${change}`);
}
