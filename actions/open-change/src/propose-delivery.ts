import { inOrder } from '@tenant-delivery/action-kit/in-order';
import type { Outcome } from '@tenant-delivery/action-kit/main';
import { admit } from '@tenant-delivery/delivery/admit';
import { openChange } from '@tenant-delivery/delivery/change';
import { targetOf } from '@tenant-delivery/delivery/target-of';
import { putDocument } from '@tenant-delivery/vault/objects';
import { abandonOlder } from './abandon-older.ts';
import type { OpenChangeInputs } from './inputs.ts';
import { readManifest, resolve } from './manifest.ts';
import type { World } from './ports.ts';
import { reportProposal } from './report.ts';

/** Begins a change of kind deploy: what the repository wishes, under the contract that admits it. */
export async function proposeDelivery(given: OpenChangeInputs, world: World): Promise<Outcome> {
  const { runner } = world;
  const wish = await readManifest(world.workspace, given.manifest);
  if (wish.scanFrom) runner.info(`The scan policy is that of ${wish.scanFrom}`);
  const delivery = await world.delivery();
  const admission = await runner.group('Check the contract and the manifest', () =>
    admit(delivery, targetOf(given)),
  );
  const resolved = resolve(given.manifest, wish, admission);
  const [abandoned, manifestDigest, resolvedDigest] = await inOrder([
    runner.group('Look for older changes that nobody can continue', () =>
      abandonOlder(delivery, admission, world.github),
    ),
    putDocument(delivery.vault, wish.manifest),
    putDocument(delivery.vault, resolved),
  ]);
  const change = await openChange(delivery, admission, {
    kind: 'deploy',
    evidence: { manifest: manifestDigest, resolved: resolvedDigest },
    ...(given.reason && { reason: given.reason }),
    ...(given['external-ref'] && { externalRef: given['external-ref'] }),
  });
  runner.output('change', change.id);
  return reportProposal({ change, admission, resolved, abandoned });
}
