import type { Outcome } from '@tenant-delivery/action-kit/main';
import { admit } from '@tenant-delivery/delivery/admit';
import { openChange, resumeChange } from '@tenant-delivery/delivery/change';
import { deployedChanges } from '@tenant-delivery/delivery/earlier-changes';
import { RollbackTarget, readRollbackTarget } from '@tenant-delivery/delivery/rollback-target';
import { targetOf } from '@tenant-delivery/delivery/target-of';
import type { DeliveryWorld } from '@tenant-delivery/delivery/world';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { ServiceManifest } from '@tenant-delivery/tenancy/manifest';
import { putDocument } from '@tenant-delivery/vault/objects';
import { choosePrevious } from './choose-previous.ts';
import type { OpenChangeInputs } from './inputs.ts';
import { resolve } from './manifest.ts';
import type { World } from './ports.ts';
import { reportProposal } from './report.ts';
import { supersede } from './supersede.ts';

/**
 * Begins a change of kind rollback: to a change that was verified here, by reference to its evidence. The plan step
 * compares every reference with that change's own record before it lets the rollback go on.
 */
export async function proposeRollback(given: OpenChangeInputs, world: World): Promise<Outcome> {
  const { runner } = world;
  const delivery = await world.delivery();
  const admission = await runner.group('Check the contract', () => admit(delivery, targetOf(given)));
  const { undone, goal } = await runner.group('Find the change to go back to', () =>
    findGoal(delivery, admission, given.to),
  );
  const { target, evidence } = await readRollbackTarget(delivery, admission.target, goal);
  const before = await resumeChange(delivery, admission, goal);
  const { scan: _, ...manifest } = await before.document('manifest', ServiceManifest); // its findings were judged then
  const resolved = resolve(`the manifest of ${goal}`, { manifest }, admission);
  const [resolvedDigest, targetDigest] = await Promise.all([
    putDocument(delivery.vault, resolved),
    putDocument(delivery.vault, target),
  ]);
  const change = await openChange(delivery, admission, {
    kind: 'rollback',
    evidence: { ...evidence, resolved: resolvedDigest, target: targetDigest },
    ...(undone && { revertOf: undone }),
    ...(given.reason && { reason: given.reason }),
    ...(given['external-ref'] && { externalRef: given['external-ref'] }),
  });
  runner.output('change', change.id);
  const abandoned = await runner.group('Record that this goes before other changes', () =>
    supersede(delivery, admission, change.id),
  );
  return reportProposal({ change, admission, resolved, abandoned, target });
}

async function findGoal(
  delivery: DeliveryWorld,
  admission: Admission,
  to: string,
): Promise<{ readonly undone: string | undefined; readonly goal: string }> {
  const goalOf = async (id: string) =>
    (await (await resumeChange(delivery, admission, id)).document('target', RollbackTarget)).change;
  const { present, previous } = await choosePrevious(deployedChanges(delivery, admission.target), goalOf);
  return { undone: present, goal: to === 'previous' ? await previous() : to };
}
