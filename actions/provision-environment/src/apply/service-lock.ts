import { rotationLock } from '@tenant-delivery/delivery/rotation-lock';
import { failures as evidence } from '@tenant-delivery/evidence/failures';
import type { PlannedStack } from '@tenant-delivery/provisioning/plan/plan';
import type { ApplyWorld } from '../ports.ts';
import { stackNames } from '../wanted-stacks.ts';
import type { Applying } from './applying.ts';

const SERVICE = 'AWS::ECS::Service';

/**
 * Keeps deliveries away while CloudFormation updates a service that runs: it names the newest revision of the family, and a
 * delivery may be about to register one. A service that is being made has no deliveries yet.
 */
export async function withService<T>(
  world: ApplyWorld,
  applying: Applying,
  planned: PlannedStack,
  work: (held: Applying) => Promise<T>,
): Promise<T> {
  const touched = planned.changes.some(({ type, action }) => type === SERVICE && action === 'modify');
  if (!touched) return work(applying);
  const service = planned.name.slice(stackNames(applying.admission).prefix.length);
  const locks = rotationLock(world, applying.plan.environment, 'provisioning');
  const busy = await locks.busy(service);
  if (busy) throw evidence.lockHeld(service, busy.why, iso(world.clock.now()), iso(busy.until));
  const lock = await locks.hold(service);
  if ('refused' in lock) throw evidence.lockHeld(service, lock.refused, iso(world.clock.now()), iso(0));
  const held: Applying = {
    ...applying,
    hold: async () => {
      await applying.hold();
      await lock.assertHeld();
    },
  };
  try {
    return await work(held);
  } finally {
    await lock.release();
  }
}

const iso = (time: number) => new Date(time).toISOString();
