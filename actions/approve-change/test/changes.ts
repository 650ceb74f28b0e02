import { openChange } from '@tenant-delivery/delivery/change';
import type { InMemoryDelivery, Job } from '@tenant-delivery/delivery/test/in-memory-delivery';
import type { ChangeState, Duty } from '@tenant-delivery/domain';
import { putDocument } from '@tenant-delivery/vault/objects';

/** A change of the revision that the claims name. */
export async function propose(delivery: InMemoryDelivery, claims: NonNullable<Job['claims']>) {
  await delivery.clock.sleep(1000);
  const admission = await delivery.admission();
  const contract = admission.contractDigest;
  const manifest = await putDocument(delivery.vault, { of: claims.sha });
  const world = delivery.as('build', { claims });
  return openChange(world, admission, { kind: 'deploy', evidence: { contract, manifest } });
}

const PLANNED = [
  ['build', 'built'],
  ['gate', 'gated'],
  ['gate', 'planned'],
] as const;
const CLOSED = [
  ...PLANNED,
  ['approve', 'approved'],
  ['deploy', 'deploying'],
  ['deploy', 'verified'],
  ['deploy', 'closed'],
] as const;

/** A change of this revision that waits for its approval. */
export function planned(delivery: InMemoryDelivery, sha: string): Promise<string> {
  return bring(delivery, { sha }, PLANNED);
}

/** A closed change of this revision. */
export function closed(delivery: InMemoryDelivery, sha: string, claims: Job['claims'] = {}): Promise<string> {
  return bring(delivery, { sha, ...claims }, CLOSED);
}

async function bring(
  delivery: InMemoryDelivery,
  claims: NonNullable<Job['claims']>,
  steps: readonly (readonly [Duty, ChangeState])[],
): Promise<string> {
  let change = await propose(delivery, claims);
  const plan = await putDocument(delivery.vault, { plan: claims.sha });
  const document = await putDocument(delivery.vault, { of: claims.sha });
  let before: Duty | undefined;
  for (const [duty, to] of steps) {
    if (duty !== before) change = await delivery.find(change.id, duty); // another job
    before = duty;
    await change.append(to, {
      ...(['planned', 'approved', 'deploying'].includes(to) && { plan }),
      ...(to === 'approved' && {
        actor: { kind: 'human', id: 'github:200001', login: 'lead-ben', via: 'environment-review' },
      }),
      evidence: {
        ...(to === 'built' && { 'image-record': document }),
        ...(to === 'gated' && { verdict: document }),
      },
    });
  }
  return change.id;
}
