import { newChangeId } from '@tenant-delivery/delivery/change-id';
import { inMemoryDelivery } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { type ChangeState, DAY, dutiesFor } from '@tenant-delivery/domain';
import type { ChangeEvent } from '@tenant-delivery/evidence/change-event';
import { appendEvent } from '@tenant-delivery/evidence/record';
import { countedVault } from './counted-vault.ts';

const A_DAY = 100; // changes

/** How changes end, in turn. */
const ENDS: readonly ChangeState[] = [
  'closed',
  'closed',
  'closed',
  'unchanged',
  'closed',
  'denied',
  'closed',
  'rolled-back',
];

const NAMES = [
  'image-record',
  'verdict',
  'findings',
  'approvals',
  'environment-protection',
  'report',
  'health',
];

/** Every document that a change must have to be closed. */
export const DOCUMENTS = Object.fromEntries(NAMES.map((name) => [name, { of: name }]));

/** A service that has had so many changes, 100 a day, each with its whole signed record. */
export async function busyService(changes: number) {
  const vault = countedVault();
  const delivery = await inMemoryDelivery({ vault });
  const { clock } = delivery;
  const likes = new Map<ChangeState, readonly ChangeEvent[]>();
  for (const state of new Set(ENDS)) {
    const id = await delivery.bring(state, { documents: DOCUMENTS });
    likes.set(state, (await delivery.find(id)).events);
  }
  for (let nth = likes.size; nth < changes; nth += 1) {
    await clock.sleep(DAY / A_DAY);
    const like = likes.get(ENDS[nth % ENDS.length] ?? 'closed') ?? [];
    await repeat(delivery, like, newChangeId(clock.now()));
  }
  await clock.sleep(DAY / A_DAY);
  return { delivery, vault };
}

type Delivery = Awaited<ReturnType<typeof inMemoryDelivery>>;

/** Records a change again under another id, now. */
async function repeat({ vault, trust, signers, clock }: Delivery, like: readonly ChangeEvent[], id: string) {
  let events: readonly ChangeEvent[] = [];
  for (const { change, transition, actor, run, subject, plan, decision, evidence } of like) {
    const { to } = transition;
    const [duty = 'build'] = dutiesFor(change.kind, to);
    const named = evidence.map(({ name, digest }) => [name, `sha256:${digest.sha256}`] as const);
    const writer = { vault, trust, signer: signers[duty] };
    events = await appendEvent(writer, { ...change, id }, events, {
      to,
      actor,
      run,
      at: clock.now(),
      subject: { name: subject.name, digest: `sha256:${subject.digest.sha256}` },
      plan: plan && `sha256:${plan.digest.sha256}`,
      decision,
      evidence: Object.fromEntries(named),
    });
  }
}

/** What a piece of work asks of the vault. */
export async function asking(vault: ReturnType<typeof countedVault>, work: () => Promise<unknown>) {
  const before = vault.requests();
  await work();
  return { calls: vault.requests() - before };
}
