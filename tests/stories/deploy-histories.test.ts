import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ecs, simulatedOf, type TaskScript } from '@tenant-delivery/local-aws/services/ecs';
import type { Call } from '@tenant-delivery/local-aws/world/service';
import fc from 'fast-check';
import { ORDERS } from '../stage/a-job.ts';
import { isWell, otherImage, truthOf, untruths } from '../stage/deploy-truth.ts';
import { type VirtualStage, virtualStage } from '../stage/virtual-stage.ts';

/*
 * Random histories of one service: releases of every kind, with people and auto scaling acting in between, faults and
 * cancelled runs. The seed is fixed, so that a red run means a change.
 */
const HISTORIES = 150;

/** Virtual milliseconds until a job that is run again has come to its deploy. ECS shows a change within that time. */
const NEXT_ATTEMPT = 10_000;

const RELEASES: Readonly<Record<string, TaskScript>> = {
  good: {},
  slow: { startSeconds: 40, healthyAfterSeconds: 60 },
  'crash loop': { exit: { code: 3, afterSeconds: 2 } },
  'crashes once it is healthy': { exit: { code: 1, afterSeconds: 45 } },
  'never answers': { unhealthy: { answer: { kind: 'refused' } } },
  'image is gone': { pullError: 'manifest unknown: not found' },
};

const outside = fc.record({
  /** Virtual seconds after the start of the deploy. */
  at: fc.integer({ min: 0, max: 240 }),
  what: fc.constantFrom(
    'scales out',
    'scales in',
    'deploys the version before',
    'forces a deployment',
    'stops the deployment',
  ),
});
const fault = fc.record({
  name: fc.constantFrom(
    'DescribeServices',
    'DescribeServiceDeployments',
    'ListServiceDeployments',
    'ListTasks',
    'DescribeTasks',
    'RegisterTaskDefinition',
    'UpdateService',
    'StopServiceDeployment',
  ),
  kind: fc.constantFrom('throttle', 'server-error', 'reset-after-effect', 'empty-reply', 'expired'),
  nth: fc.integer({ min: 1, max: 8 }),
});
const release = fc.record({
  kind: fc.constantFrom(...Object.keys(RELEASES)),
  outside: fc.array(outside, { maxLength: 2 }),
  fault: fc.option(fault, { nil: undefined, freq: 2 }),
  cancelAfter: fc.option(fc.integer({ min: 0, max: 300 }), { nil: undefined, freq: 4 }),
});
type Release = typeof release extends fc.Arbitrary<infer T> ? T : never;

/** How often each outcome came up: a property whose cases all end alike proves nothing. */
const outcomes = new Map<string, number>();

let stage: VirtualStage;
beforeAll(async () => {
  stage = await virtualStage();
}, 60_000);
afterAll(() => stage.close());

test('what a deploy reports is true of the service, whatever happens around it, and it is sent once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(release, { minLength: 1, maxLength: 3 }), async (history) => {
      const lies: string[] = [];
      for (const each of history) lies.push(...(await played(each)));
      expect(lies).toEqual([]);
    }),
    { numRuns: HISTORIES, seed: 20_261_125, endOnFailure: true },
  );
  expect([...outcomes.keys()]).toEqual(
    expect.arrayContaining(['deployed', 'rolled-back', 'superseded', 'cancelled']),
  );
}, 1_200_000);

async function played({ kind, outside, fault, cancelAfter }: Release): Promise<readonly string[]> {
  const before = truthOf(stage);
  const image = otherImage(stage);
  const simulated = simulatedOf(stage.aws.world);
  simulated.script(image.digest, RELEASES[kind] ?? {});
  const change = await stage.approved(image);
  const happenings = outside.map(({ at, what }) =>
    stage.clock.after(at * 1000, () => void act(what, before.runs)),
  );
  if (fault) stage.aws.fail({ service: 'ecs', operation: fault.name, nth: fault.nth, kind: fault.kind });
  const first = await stage.deploy(change, {
    ...(cancelAfter !== undefined && { cancelAfter: cancelAfter * 1000 }),
  });
  const ended = first.outcome instanceof Error ? 'error' : first.outcome.outcome;
  outcomes.set(ended, (outcomes.get(ended) ?? 0) + 1);
  const lies = [...(await untruths(stage, change, before, first))];
  stage.aws.mend();
  const record = await stage.delivery.find(change);
  let attempts = 1;
  let effects = sent(first.calls);
  if (first.outcome instanceof Error && record.state === 'deploying') {
    attempts = 2;
    await stage.clock.advance(NEXT_ATTEMPT);
    const again = await stage.deploy(change, { attempt: attempts });
    effects += sent(again.calls);
    lies.push(...(await untruths(stage, change, before, again)));
  }
  if (effects > 1) lies.push(`it was sent ${effects} times`);
  for (const forget of happenings) forget();
  simulated.script(image.digest, {});
  await stage.settle(change, 'abandoned', attempts);
  for (let minutes = 0; minutes < 120 && !isWell(truthOf(stage)); minutes += 1)
    await stage.clock.advance(60_000);
  if (!isWell(truthOf(stage))) lies.push('two hours later the service is still not well');
  return lies;
}

function sent(calls: readonly { readonly operation: string; readonly effects: number }[]): number {
  return calls
    .filter(({ operation }) => operation === 'UpdateService')
    .reduce((sum, call) => sum + call.effects, 0);
}

/** What a person, another program or auto scaling does, without asking our record. */
async function act(what: string, previous: string): Promise<void> {
  const { world } = stage.aws;
  const principal = { account: ORDERS.account, arn: `arn:aws:iam::${ORDERS.account}:user/somebody` };
  const call: Call = {
    principal,
    account: ORDERS.account,
    region: ORDERS.region,
    requestId: 'outside',
    world,
    headers: {},
  };
  const service = { cluster: 'acme-prod', service: 'orders' };
  const { settings, history } = truthOf(stage).service;
  const update = (more: object) => ecs.operations['UpdateService']?.({ ...service, ...more }, call);
  const open = history.find(({ status }) => status === 'PENDING' || status === 'IN_PROGRESS');
  switch (what) {
    case 'scales out':
      await update({ desiredCount: settings.desiredCount + 1 });
      return;
    case 'scales in':
      await update({ desiredCount: Math.max(1, settings.desiredCount - 1) });
      return;
    case 'deploys the version before':
      await update({ taskDefinition: previous });
      return;
    case 'forces a deployment':
      await update({ forceNewDeployment: true });
      return;
    default:
      if (!open) return;
      await ecs.operations['StopServiceDeployment']?.(
        { serviceDeploymentArn: open.arn, stopType: 'ROLLBACK' },
        call,
      );
  }
}
