import { expect, test } from '@jest/globals';
import { ORDERS_IMAGE } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { formatImage } from '@tenant-delivery/domain';
import { anApprovedDeploy } from '../a-deploy.ts';
import type { Fault, Moment } from '../an-ecs.ts';

const CRASHING = (seconds: number): Moment => ({
  status: seconds > 600 ? 'ROLLBACK_SUCCESSFUL' : 'IN_PROGRESS',
  crashed: Math.floor(seconds / 20),
});

const faults = (['register', 'update', 'rollBack'] as const).flatMap((call): Fault[] => [
  { call, when: 'before' },
  { call, when: 'after' },
]);

test.each(faults)(
  'a machine that dies $when $call: the next attempt ends as one that never died',
  async (fault) => {
    const script = fault.call === 'rollBack' ? { script: CRASHING } : {};
    const calm = await anApprovedDeploy(script);
    const expected = (await calm.act('deploy')).outcome.outcome;

    const made = await anApprovedDeploy(script);
    made.ecs.faults.push(fault);
    await expect(made.act('deploy')).rejects.toThrow('the machine died');
    const { outcome } = await made.act('deploy', { attempt: 2 });

    expect(outcome.outcome).toBe(expected);
    expect(made.ecs.made).toHaveLength(1);
    expect(made.ecs.calls.filter((call) => call === 'update')).toHaveLength(1);
    expect(made.ecs.definitions.size).toBe(2);
    expect(await made.stateOf()).toBe(await calm.stateOf());
  },
);

test('a second attempt takes nothing for its own that was there before the change began', async () => {
  const made = await anApprovedDeploy();
  const other = await made.bring('gated');
  await made.act('plan', { change: other });
  await made.approve(other);
  // the same image goes out and back within a minute, outside of the record
  const { deployer, document, define, definitions } = made.ecs;
  const same = define(document(formatImage(ORDERS_IMAGE)));
  await deployer.update({ taskDefinition: same.arn });
  await made.clock.sleep(10_000);
  await deployer.update({ taskDefinition: [...definitions.keys()][0] ?? '' });
  await made.clock.sleep(60_000);
  const outside = made.ecs.made.length;
  made.ecs.calls.length = 0;
  made.ecs.faults.push({ call: 'update', when: 'before' });
  await expect(made.act('deploy', { change: other })).rejects.toThrow('the machine died');
  const { outcome } = await made.act('deploy', { change: other, attempt: 2 });
  expect(outcome.outcome).toBe('deployed');
  expect(made.ecs.made).toHaveLength(outside + 1);
});
