import type { DeliveryWorld } from '@tenant-delivery/delivery/world';
import type { Digest } from '@tenant-delivery/domain';
import { sealStatement } from '@tenant-delivery/evidence/attestation';
import type { InspectedChild } from '@tenant-delivery/findings/inspected-child';
import { passStatement, vulnsStatement } from '@tenant-delivery/findings/statements';
import type { Judgement, Verdict } from '@tenant-delivery/findings/verdict';
import { putBytes } from '@tenant-delivery/vault/objects';

/**
 * The judgement as in-toto statements, for tools that do not know our verdict: what was found, and that the image passed.
 * Signed by the gate's key, beside the verdict. A denial has no such form; the change records it.
 */
export async function attest(
  { vault, ...world }: Pick<DeliveryWorld, 'signer' | 'vault'>,
  children: readonly InspectedChild[],
  judgement: Judgement,
  { verdict, digest }: { readonly verdict: Verdict; readonly digest: Digest },
): Promise<{ readonly vulns: Digest; readonly svr?: Digest }> {
  const found = vulnsStatement(verdict.subject, children, judgement, Date.parse(verdict.evaluatedAt));
  const signer = await world.signer;
  const passed = passStatement(verdict, digest, judgement);
  const [vulns, svr] = await Promise.all([
    sealStatement(signer, found).then((bytes) => putBytes(vault, bytes)),
    passed && sealStatement(signer, passed).then((bytes) => putBytes(vault, bytes)),
  ]);
  return { vulns, ...(svr && { svr }) };
}
