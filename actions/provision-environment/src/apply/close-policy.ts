import { readTemplate } from '@tenant-delivery/provisioning/plan/read-template';
import { stackPolicy } from '@tenant-delivery/provisioning/plan/stack-policy';
import type { StackReader } from '@tenant-delivery/provisioning/ports';
import type { Template } from '@tenant-delivery/provisioning/stacks/template';
import { orUnknown } from '../observe/or-unknown.ts';
import type { ApplyWorld } from '../ports.ts';
import type { Applying } from './applying.ts';
import { balancerOf } from './balancer-of.ts';

/**
 * Guards again what a withdrawal opened, whatever became of the withdrawal: the load balancer against deletion, and the stack by
 * the policy of the contract. While CloudFormation is at work all stays as it is: the attempt that follows it to its end closes it.
 */
export async function closePolicy(
  world: ApplyWorld,
  applying: Pick<Applying, 'hold' | 'plan'>,
  { name, region }: { readonly name: string; readonly region: string },
): Promise<void> {
  const stacks = world.stacks(region);
  const closed = await orUnknown(async () => {
    const live = await stacks.describe(name);
    if (!live || live.status.endsWith('_IN_PROGRESS')) return;
    const template = readTemplate((await stacks.template(name)) ?? '');
    if (!template) return;
    await protectBalancer(world, applying, stacks, name);
    const policy = stackPolicy('provision', template as Template); // only its task definitions are asked for
    if ((await stacks.policy(name)) === policy) return;
    await applying.hold();
    await stacks.setPolicy(name, policy);
    world.runner.info(`${name} has the stack policy of the contract again`);
  });
  if ('unseen' in closed)
    world.runner.warning(
      `The stack policy of ${name} or the deletion protection of its load balancer may still be open: ${closed.unseen}. Drift names them.`,
    );
}

/** That of the stack, if it still has the one that was lifted. */
async function protectBalancer(
  { balancers, runner }: Pick<ApplyWorld, 'balancers' | 'runner'>,
  { plan, hold }: Pick<Applying, 'plan' | 'hold'>,
  stacks: Pick<StackReader, 'resources'>,
  stack: string,
): Promise<void> {
  const [name] = plan.lifts;
  if (name === undefined) return;
  const arn = await balancerOf(stacks, stack);
  if (arn === undefined) return;
  await hold();
  if ((await balancers.protect(name, arn)) === 'done')
    runner.info(`${name} is protected against deletion again`);
}
