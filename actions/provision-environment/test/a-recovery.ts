import { recoveredIn } from '@tenant-delivery/provisioning/contract-of-size';
import { renderEnvironment } from '@tenant-delivery/provisioning/environment';
import { stacksOf } from '@tenant-delivery/provisioning/stacks/stacks-of';
import { aPart } from './a-part.ts';

export const [RECOVERY, BACKUPS] = ['td-acme-prod-recovery', 'td-acme-prod-backups'] as const;
type Made = Awaited<ReturnType<typeof aPart>>;

/** An environment whose contract asks that it can be recovered. */
export const recovered = () =>
  aPart((contract) => {
    const prod = contract.environments['prod'];
    if (!prod) throw new Error('the contract has prod');
    return { ...contract, environments: { prod: { ...prod, ...recoveredIn('eu-central-1') } } };
  });

/** The administrator applies what `contract render` writes, with what somebody changed in it. */
export async function byHand(
  { contract, cloudformation }: Made,
  name: string,
  change = (body: string) => body,
) {
  const { releases = [], publishers = [] } = contract;
  const rendered = renderEnvironment(contract, 'prod', {
    provider: 'OWNER/tenant-delivery',
    releases,
    publishers,
  });
  const template = stacksOf(contract, 'prod', rendered).find((stack) => stack.name === name)?.template;
  const by = { changeSet: 'by-hand', type: 'CREATE', template: '{}', parameters: {}, role: '' } as const;
  await cloudformation.ports.createChangeSet({ ...by, stack: name, description: '' });
  const stack = cloudformation.find(name);
  stack?.changeSets.clear();
  Object.assign(stack ?? {}, { status: 'CREATE_COMPLETE', body: change(JSON.stringify(template)) });
}

export const plan = (made: Made) => made.act('plan', { part: 'foundation' });
export async function applied(made: Made) {
  const { change } = await plan(made);
  await made.approve(change, 'foundation');
  const { outcome } = await made.act('apply', { part: 'foundation', change });
  return { change, outcome };
}
