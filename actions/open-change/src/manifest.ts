import type { Workspace } from '@tenant-delivery/action-kit/workspace';
import type { Admission } from '@tenant-delivery/delivery';
import {
  type ResolvedService,
  resolveService,
  type ServiceManifest,
  failures as tenancyFailures,
} from '@tenant-delivery/tenancy';
import { breachIn, joinManifest, scanPolicyBeside } from '@tenant-delivery/tenancy/read-manifest';
import { failures } from './failures.ts';

/** What a repository wants, and the file of its scan policy if that is not the manifest. */
export interface Wish {
  readonly manifest: ServiceManifest;
  readonly scanFrom?: string;
}

/** The manifest at a path and the scan policy beside it; `shown` is the path that people know it by. */
export async function readManifest(workspace: Workspace, path: string, shown = path): Promise<Wish> {
  const [reading, policy] = await Promise.all([workspace.read(path), workspace.read(scanPolicyBeside(path))]);
  if (reading.kind === 'none') throw failures.manifestNotFound(shown, reading.why);
  return joinManifest(shown, reading.text, { path: scanPolicyBeside(shown), reading: policy });
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
