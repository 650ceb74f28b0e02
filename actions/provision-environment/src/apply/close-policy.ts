import { readTemplate } from '@tenant-delivery/provisioning/plan/read-template';
import { stackPolicy } from '@tenant-delivery/provisioning/plan/stack-policy';
import type { Template } from '@tenant-delivery/provisioning/stacks/template';
import { orUnknown } from '../observe/or-unknown.ts';
import type { ApplyWorld } from '../ports.ts';
import type { Applying } from './applying.ts';

/**
 * Sets the policy of the contract again on a stack whose policy a withdrawal opened, whatever became of the withdrawal. While
 * CloudFormation is at work the policy stays as it is: the attempt that follows it to its end closes it.
 */
export async function closePolicy(
  world: ApplyWorld,
  { hold }: Pick<Applying, 'hold'>,
  { name, region }: { readonly name: string; readonly region: string },
): Promise<void> {
  const stacks = world.stacks(region);
  const closed = await orUnknown(async () => {
    const live = await stacks.describe(name);
    if (!live || live.status.endsWith('_IN_PROGRESS')) return;
    const template = readTemplate((await stacks.template(name)) ?? '');
    if (!template) return;
    const policy = stackPolicy('provision', template as Template); // only its task definitions are asked for
    if ((await stacks.policy(name)) === policy) return;
    await hold();
    await stacks.setPolicy(name, policy);
    world.runner.info(`${name} has the stack policy of the contract again`);
  });
  if ('unseen' in closed)
    world.runner.warning(`The stack policy of ${name} may still be open: ${closed.unseen}. Drift names it.`);
}
