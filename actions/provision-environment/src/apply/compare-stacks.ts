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
 * What executing the change sets would do now that was not approved, a sentence each. A job that may make change sets could have
 * replaced one that was approved, so template, parameters and changes are all read again.
 */
export async function differencesNow(
  world: Pick<ApplyWorld, 'stacks'>,
  { plan }: Pick<Applying, 'plan'>,
): Promise<readonly string[]> {
  const found = await Promise.all(plan.stacks.map((stack) => compareStack(world, plan, stack)));
  return found.flatMap(({ differences }) => differences);
}

/** A stack by itself, with the ARN of the change set that was read: no other has it, whatever takes its name. */
export async function compareStack(
  world: Pick<ApplyWorld, 'stacks'>,
  plan: Applying['plan'],
  planned: PlannedStack,
): Promise<{ readonly differences: readonly string[]; readonly changeSet: string | null }> {
  const now = await nowOf(world.stacks(planned.region), planned);
  if (typeof now === 'string') return { differences: [now], changeSet: null };
  const { stack, changeSet } = now;
  const differences = stackPlanDifferences({ ...plan, stacks: [planned] }, { ...plan, stacks: [stack] });
  return { differences, changeSet };
}

interface StackNow {
  readonly stack: PlannedStack;
  readonly changeSet: string | null;
}

/** The stack as its change set says now, or why that one cannot be executed. */
async function nowOf(stacks: StackReader, planned: PlannedStack): Promise<StackNow | string> {
  const { name, changeSet } = planned;
  if (planned.action === 'delete') {
    const live = await stacks.describe(name);
    return !live || (await isEmpty(stacks, live))
      ? { stack: planned, changeSet: null }
      : `${name}: ${NOT_EMPTY}`;
  }
  if (changeSet === null) return { stack: planned, changeSet };
  const set = await stacks.changeSet(name, changeSet);
  const body = set && (await stacks.template(name, set.id)); // of this one, not of what has its name by now
  if (!set || body === undefined) return `${name}: its change set ${changeSet} is not there any more`;
  if (set.execution !== 'AVAILABLE')
    return `${name}: its change set ${changeSet} is ${set.execution}: the stack changed since, or it was executed`;
  const template = readTemplate(body);
  if (!template) return `${name}: its change set ${changeSet} has a template that this release did not write`;
  const stack = {
    ...planned,
    template: digestOf(body),
    parameters: set.parameters,
    changes: [...plannedChanges(set, template as Template)], // its bytes are compared as well
  };
  return { stack, changeSet: set.id };
}
