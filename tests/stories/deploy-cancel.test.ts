import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { simulatedOf } from '@tenant-delivery/local-aws/services/ecs';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { isWell, otherImage, truthOf, untruths } from '../stage/deploy-truth.ts';
import { type VirtualStage, virtualStage } from '../stage/virtual-stage.ts';

/*
 * A deploy is cancelled at every call that it makes, right before it and right after it was answered, while a good
 * release and a bad one roll.
 */
const ENDS_WITHIN = 5_000; // virtual milliseconds

let stage: VirtualStage;
beforeAll(async () => {
  stage = await virtualStage();
}, 60_000);
afterAll(() => stage.close());

test.each(['good', 'bad'] as const)(
  'a %s release that is cancelled anywhere ends at once, tells the truth, and is not sent twice',
  async (release) => {
    let calls = 0;
    let changed: number | undefined;
    const sent = stage.aws.calls.length;
    await cancelled(release, () => {
      calls += 1;
      const registered = stage.aws.calls
        .slice(sent)
        .some(({ operation }) => operation === 'RegisterTaskDefinition');
      if (registered) changed ??= calls;
      return false;
    });
    expect(calls).toBeGreaterThan(40);
    // Until it changes something a deploy of a bad release is one of a good release, which is cancelled everywhere.
    const from = release === 'bad' && changed !== undefined ? changed : 1;
    const lies: string[] = [];
    for (let at = from; at <= calls; at += 1) {
      let seen = 0;
      const told = await cancelled(release, () => {
        seen += 1;
        return seen === at;
      });
      lies.push(...told.lies.map((lie) => `at moment ${at} (${told.at}): ${lie}`));
    }
    expect(lies).toEqual([]);
  },
  1_200_000,
);

async function cancelled(release: 'good' | 'bad', now: () => boolean) {
  const before = truthOf(stage);
  const image = otherImage(stage);
  const simulated = simulatedOf(stage.aws.world);
  simulated.script(image.digest, release === 'bad' ? { exit: { code: 3, afterSeconds: 2 } } : {});
  const change = await stage.approved(image);
  const runner = fakeRunner();
  let at = 'never';
  let cancelledAt = Number.POSITIVE_INFINITY;
  const first = await stage.deploy(change, {
    runner,
    onCall: (name, when) => {
      if (!now()) return;
      at = `${when} ${name}`;
      cancelledAt = stage.clock.now();
      runner.cancel();
    },
  });
  const lies = [...(await untruths(stage, change, before, first))];
  const late = stage.clock.now() - cancelledAt;
  if (late > ENDS_WITHIN) lies.push(`it went on for ${late / 1000} s`);
  const again = await stage.deploy(change, { attempt: 2 });
  const effects = [...first.calls, ...again.calls]
    .filter(({ operation }) => operation === 'UpdateService')
    .reduce((sum, call) => sum + call.effects, 0);
  if (effects > 1) lies.push(`two attempts updated the service ${effects} times`);
  lies.push(...(await untruths(stage, change, before, again)));
  const record = await stage.delivery.find(change);
  if (again.outcome instanceof Error && record.state === 'deploying')
    lies.push(`the next run ended in ${again.outcome.message}`);
  simulated.script(image.digest, {});
  await stage.settle(change, 'abandoned', 2);
  for (let minutes = 0; minutes < 60 && !isWell(truthOf(stage)); minutes += 1)
    await stage.clock.advance(60_000);
  if (!isWell(truthOf(stage))) throw new Error(`the service of the stage is not well after ${change}`);
  return { at, lies };
}
