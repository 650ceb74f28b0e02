import { readTemplate } from '@tenant-delivery/provisioning/plan/read-template';
import { stackPolicy } from '@tenant-delivery/provisioning/plan/stack-policy';
import type { StackExecutor, StackReader } from '@tenant-delivery/provisioning/ports';
import type { Template } from '@tenant-delivery/provisioning/stacks/template';
import { orUnknown } from '../observe/or-unknown.ts';
import type { ApplyWorld } from '../ports.ts';
import type { Applying } from './applying.ts';
import { balancerOf } from './balancer-of.ts';

/**
 * Guards again what a withdrawal opened, whatever became of the withdrawal: the stack by the policy of the contract, and the load
 * balancer against deletion. If one cannot be guarded, the other still is. While CloudFormation is at work all stays as it is: the
 * attempt that follows it to its end closes it.
 */
export async function closePolicy(
  world: ApplyWorld,
  applying: Pick<Applying, 'hold' | 'plan'>,
  { name, region }: { readonly name: string; readonly region: string },
): Promise<void> {
  const { runner } = world;
  const stacks = world.stacks(region);
  const closed = await orUnknown(() => setPolicy(world, applying, stacks, name));
  if ('unseen' in closed)
    runner.warning(`The stack policy of ${name} may still be open: ${closed.unseen}. Drift names it.`);
  const guarded = await orUnknown(() => protectBalancer(world, applying, stacks, name));
  if ('unseen' in guarded)
    runner.warning(
      `The load balancer of ${name} may still have no deletion protection: ${guarded.unseen}. Drift names it.`,
    );
}

async function setPolicy(
  { runner }: Pick<ApplyWorld, 'runner'>,
  { hold }: Pick<Applying, 'hold'>,
  stacks: StackExecutor,
  name: string,
): Promise<void> {
  if (!(await isAtRest(stacks, name))) return;
  const template = readTemplate((await stacks.template(name)) ?? '');
  if (!template) {
    runner.warning(
      `The stack policy of ${name} may still be open: its template is none of ours, so nobody knows what to guard. Drift names it.`,
    );
    return;
  }
  const policy = stackPolicy('provision', template as Template); // only its task definitions are asked for
  if ((await stacks.policy(name)) === policy) return;
  await hold();
  await stacks.setPolicy(name, policy);
  runner.info(`${name} has the stack policy of the contract again`);
}

/** That of the stack, if it still has the one that was lifted. */
async function protectBalancer(
  { balancers, runner }: Pick<ApplyWorld, 'balancers' | 'runner'>,
  { plan, hold }: Pick<Applying, 'plan' | 'hold'>,
  stacks: StackReader,
  stack: string,
): Promise<void> {
  const [name] = plan.lifts;
  if (name === undefined || !(await isAtRest(stacks, stack))) return;
  const arn = await balancerOf(stacks, stack);
  if (arn === undefined) return;
  await hold();
  if ((await balancers.protect(name, arn)) === 'done')
    runner.info(`${name} is protected against deletion again`);
}

/** Whether a stack is there, and CloudFormation is not at work on it. */
async function isAtRest(stacks: Pick<StackReader, 'describe'>, name: string): Promise<boolean> {
  const live = await stacks.describe(name);
  return live !== undefined && !live.status.endsWith('_IN_PROGRESS');
}
