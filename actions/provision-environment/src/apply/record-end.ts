import { gapsIn } from '@tenant-delivery/delivery/evidence-gaps';
import type { Digest } from '@tenant-delivery/domain';
import { putDocument } from '@tenant-delivery/vault/objects';
import { addressesOf } from '../addresses.ts';
import type { VerifyWorld } from '../ports.ts';
import type { Applying } from './applying.ts';
import type { ApplyEnd } from './ending.ts';
import { type Proof, proofOf } from './proof.ts';

/** What the record keeps of an attempt. */
export interface Recorded {
  readonly report: Digest;
  readonly addresses: Readonly<Record<string, string>>;
  readonly proof: Proof | undefined;
  /** What is missing from the evidence of the change, so that it is not closed. */
  readonly gaps: readonly string[];
}

/** Writes the report, and how the change goes on. One that is verified and complete is closed. */
export async function recordEnd(
  world: VerifyWorld,
  applying: Applying,
  { digest, end, startedAt }: { readonly digest: Digest; readonly end: ApplyEnd; readonly startedAt: number },
): Promise<Recorded> {
  const { change, plan } = applying;
  const addresses = await addressesOf(world, applying.admission);
  const proof = plan.kind === 'withdrawal' ? proofOf(plan, end.results) : undefined;
  const report = await putDocument(world.vault, {
    schemaVersion: 1,
    change: change.id,
    plan: digest,
    kind: plan.kind,
    part: plan.part,
    environment: plan.environment,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(world.clock.now()).toISOString(),
    outcome: end.outcome,
    why: end.why,
    stacks: end.results,
    findings: end.verification?.findings ?? [],
    tunnels: end.verification?.tunnels ?? [],
    recovery: end.verification?.recovery ?? [],
    addresses,
    ...(proof && { backups: end.backups, proof }),
  });
  world.runner.output('report', report);
  world.runner.output('addresses', Object.keys(addresses).length > 0 ? JSON.stringify(addresses) : '');
  if (end.state === undefined) return { report, addresses, proof, gaps: [] };
  await change.append(end.state, {
    evidence: { report },
    decision: {
      result: end.state === 'verified' ? 'allow' : 'inconclusive',
      reasons: [end.reasonCode],
      note: end.why.slice(0, 2000),
    },
  });
  const gaps = end.state === 'verified' ? await gapsIn(world.vault, change) : [];
  if (end.state === 'verified' && gaps.length === 0) await change.append('closed');
  return { report, addresses, proof, gaps };
}
