import type { Workspace } from '@tenant-delivery/action-kit/workspace';
import { manifestIn, type Wish } from '@tenant-delivery/delivery/manifest-in';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { failures as tenancyFailures } from '@tenant-delivery/tenancy/failures';
import { breachIn } from '@tenant-delivery/tenancy/read-manifest';
import { type ResolvedService, resolveService } from '@tenant-delivery/tenancy/resolve';
import { failures } from './failures.ts';

/** The manifest at a path and the scan policy beside it; `shown` is the path that people know it by. */
export async function readManifest(workspace: Workspace, path: string, shown = path): Promise<Wish> {
  const read = await manifestIn(workspace, path, shown);
  if (read.kind === 'none') throw failures.manifestNotFound(shown, read.why);
  return read.wish;
}

/** What the manifest means under the contract, or one failure that lists everything beyond the contract. */
export function resolve(path: string, { manifest, scanFrom }: Wish, admission: Admission): ResolvedService {
  const { target, environment, service } = admission;
  const joined = resolveService(target, environment, service, manifest);
  if ('breaches' in joined) {
    const breaches = joined.breaches.map((breach) => breachIn(scanFrom, breach));
    throw tenancyFailures.manifestOutsideContract(path, breaches);
  }
  return joined.resolved;
}
