import { type PlannedStack, stackPlanDifferences } from '@tenant-delivery/provisioning/plan/plan';
import { plannedChanges } from '@tenant-delivery/provisioning/plan/planned-changes';
import { readTemplate } from '@tenant-delivery/provisioning/plan/read-template';
import type { StackReader } from '@tenant-delivery/provisioning/ports';
import type { Template } from '@tenant-delivery/provisioning/stacks/template';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { ApplyWorld } from '../ports.ts';
import type { Applying } from './applying.ts';
import { isEmpty, NOT_EMPTY } from './is-empty.ts';

/**
 * What executing the change sets would do now that was not approved, a sentence each. Whoever may make change sets could have
 * put another one in the place of one that was approved, so template, parameters and changes are all read again.
 */
export async function differencesNow(
  world: Pick<ApplyWorld, 'stacks'>,
  { plan }: Pick<Applying, 'plan'>,
  stacks: readonly PlannedStack[] = plan.stacks,
): Promise<readonly string[]> {
  const found = await Promise.all(stacks.map((stack) => nowOf(world.stacks(stack.region), stack)));
  const gone = found.flatMap((each) => (typeof each === 'string' ? [each] : []));
  if (gone.length > 0) return gone;
  const now = found.filter((each) => typeof each !== 'string');
  return stackPlanDifferences({ ...plan, stacks: [...stacks] }, { ...plan, stacks: now });
}

/** The stack as its change set says now, or why that one cannot be executed. */
async function nowOf(stacks: StackReader, planned: PlannedStack): Promise<PlannedStack | string> {
  const { name, changeSet } = planned;
  if (planned.action === 'delete') {
    const live = await stacks.describe(name);
    return !live || (await isEmpty(stacks, live)) ? planned : `${name}: ${NOT_EMPTY}`;
  }
  if (changeSet === null) return planned;
  const [set, body] = await Promise.all([
    stacks.changeSet(name, changeSet),
    stacks.template(name, changeSet),
  ]);
  if (!set || body === undefined) return `${name}: its change set ${changeSet} is not there any more`;
  if (set.execution !== 'AVAILABLE')
    return `${name}: its change set ${changeSet} is ${set.execution}: the stack changed since, or it was executed`;
  const template = readTemplate(body);
  if (!template) return `${name}: its change set ${changeSet} has a template that this release did not write`;
  return {
    ...planned,
    template: digestOf(body),
    parameters: set.parameters,
    changes: [...plannedChanges(set, template as Template)], // its bytes are compared as well
  };
}
