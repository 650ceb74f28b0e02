import { describeMistake } from '@tenant-delivery/action-kit/document';
import { inOrder } from '@tenant-delivery/action-kit/in-order';
import { canonicalJson } from '@tenant-delivery/domain';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { ServiceManifest } from '@tenant-delivery/tenancy/manifest';
import { ResolvedService, resolveService } from '@tenant-delivery/tenancy/resolve';
import type { ChangeHandle } from './change.ts';
import { failures } from './failures.ts';

/**
 * The configuration of a change, resolved again from its manifest: the build key recorded it, and only what the contract
 * allows counts for other duties. Under another contract than its own a change goes nowhere, and is only read.
 */
export async function resolvedOf(admission: Admission, change: ChangeHandle): Promise<ResolvedService> {
  const isForeign = change.evidence('contract') !== admission.contractDigest;
  const [recorded, manifest] = await inOrder([
    change.document('resolved', ResolvedService),
    isForeign ? undefined : change.document('manifest', ServiceManifest),
  ]);
  if (!manifest) return recorded;
  const { scan: _, ...unjudged } = manifest; // a rollback's findings were judged when its target was delivered
  const again = resolveService(
    admission.target,
    admission.environment,
    admission.service,
    change.kind === 'rollback' ? unjudged : manifest,
  );
  if ('breaches' in again)
    throw failures.resolvedMismatch(change.id, again.breaches.map(describeMistake).join('; '));
  if (canonicalJson(again.resolved) !== canonicalJson(recorded))
    throw failures.resolvedMismatch(change.id, 'some values are others');
  return recorded;
}
