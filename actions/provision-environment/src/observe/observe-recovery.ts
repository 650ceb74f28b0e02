import type { RecoveryStack } from '@tenant-delivery/provisioning/plan/plan';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';
import type { ObserveWorld } from '../ports.ts';
import { lookAtRecovery, sayRecovery } from '../recovery/look-at-recovery.ts';
import { orUnknown } from './or-unknown.ts';
import type { Difference, StackDrift } from './stack-drift.ts';

type Change = RecoveryStack['changes'][number];

/** What recovers the environment of a foundation, against what the contract asks, by resource. */
export async function observeRecovery(
  world: ObserveWorld,
  admission: StacksAdmission,
  deadline: number,
): Promise<readonly StackDrift[]> {
  if (admission.part !== 'foundation') return [];
  const found = await lookAtRecovery(world, admission, deadline);
  return Promise.all(found.map((stack) => driftOf(world, stack)));
}

async function driftOf(world: ObserveWorld, found: RecoveryStack): Promise<StackDrift> {
  const { name: stack, region, state, why, changes } = found;
  const none = { stack, region, differences: [], unknown: [], notSeen: [] };
  switch (state) {
    case 'ready':
      return none;
    case 'unknown':
      return { ...none, unknown: [why ?? 'nobody knows why'] };
    case 'absent':
    case 'behind':
      return { ...none, differences: [whole(found)] };
    case 'different': {
      const told = await Promise.all(changes.map((change) => differenceOf(world, found, change)));
      return { ...none, differences: why === null ? told : [whole(found), ...told] };
    }
  }
}

const whole = (found: RecoveryStack): Difference => ({
  what: 'the stack',
  id: null,
  sentence:
    found.state === 'behind'
      ? sayRecovery(found)
      : `${sayRecovery(found)}; the administrator runs ${found.command}`,
  by: null,
});

/** That CloudTrail cannot be asked makes a difference no less certain. */
async function differenceOf(
  world: ObserveWorld,
  { name, region }: RecoveryStack,
  { logicalId: what, type, id, properties }: Change,
): Promise<Difference> {
  const found = id === null ? undefined : await orUnknown(() => world.trail(region).lastChange(id));
  const last = found && 'seen' in found ? found.seen : undefined;
  const said = properties.map(
    ({ path, before, after }) => `${path} is ${before ?? 'absent'}, not ${after ?? 'absent'}`,
  );
  return {
    what,
    id,
    sentence: `${what} of ${name} (${type}) ${said.length > 0 ? `differs: ${said.join('; ')}` : 'is not as the contract asks'}`,
    by: last ? { who: last.by, call: last.call, at: new Date(last.at).toISOString() } : null,
  };
}
