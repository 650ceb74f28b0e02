import type { Workspace } from '@tenant-delivery/action-kit/workspace';
import type { ServiceManifest } from '@tenant-delivery/tenancy/manifest';
import { joinManifest, scanPolicyBeside } from '@tenant-delivery/tenancy/read-manifest';

/** What a repository wants, and the file of its scan policy if that is not the manifest. */
export interface Wish {
  readonly manifest: ServiceManifest;
  readonly scanFrom?: string;
}

/**
 * The manifest at a path of a checkout, with the scan policy beside it; or why there is none to read. `shown` is the path
 * that people know it by. Throws a failure that lists the mistakes in the files.
 */
export async function manifestIn(
  workspace: Workspace,
  path: string,
  shown = path,
): Promise<{ readonly kind: 'wish'; readonly wish: Wish } | { readonly kind: 'none'; readonly why: string }> {
  const [reading, policy] = await Promise.all([workspace.read(path), workspace.read(scanPolicyBeside(path))]);
  if (reading.kind === 'none') return reading;
  const beside = { path: scanPolicyBeside(shown), reading: policy };
  return { kind: 'wish', wish: joinManifest(shown, reading.text, beside) };
}
