import type { DeliveryWorld } from '@tenant-delivery/delivery/world';
import type { Digest } from '@tenant-delivery/domain';
import { sealStatement } from '@tenant-delivery/evidence/attestation';
import { passStatement, vulnsStatement } from '@tenant-delivery/findings/statements';
import type { InspectedChild, Judgement, Verdict } from '@tenant-delivery/findings/verdict';
import { putBytes } from '@tenant-delivery/vault/objects';

/**
 * The same judgement in the words of in-toto, for readers who know nothing of ours: what was found, and that the image
 * passed where it did. Signed by the gate's key, beside the verdict. A denial has no such form; the change says it.
 */
export async function attest(
  { signer, vault }: Pick<DeliveryWorld, 'signer' | 'vault'>,
  children: readonly InspectedChild[],
  judgement: Judgement,
  { verdict, digest }: { readonly verdict: Verdict; readonly digest: Digest },
): Promise<{ readonly vulns: Digest; readonly svr?: Digest }> {
  const found = vulnsStatement(verdict.subject, children, judgement, Date.parse(verdict.evaluatedAt));
  const passed = passStatement(verdict, digest, judgement);
  const [vulns, svr] = await Promise.all([
    sealStatement(signer, found).then((bytes) => putBytes(vault, bytes)),
    passed && sealStatement(signer, passed).then((bytes) => putBytes(vault, bytes)),
  ]);
  return { vulns, ...(svr && { svr }) };
}
