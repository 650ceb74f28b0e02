import type { Workspace } from '@tenant-delivery/action-kit/workspace';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import type { JobClaims } from '@tenant-delivery/delivery/claims';
import { manifestIn } from '@tenant-delivery/delivery/manifest-in';
import type { AdmissionWorld } from '@tenant-delivery/delivery/world';
import { canonicalJson, type Image } from '@tenant-delivery/domain';
import type { ChangeEvent } from '@tenant-delivery/evidence/change-event';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { ServiceManifest } from '@tenant-delivery/tenancy/manifest';
import { scanPolicyBeside } from '@tenant-delivery/tenancy/read-manifest';
import { failures } from './failures.ts';

interface Seen {
  readonly claims: JobClaims;
  readonly workspace: Workspace;
}

/**
 * The job that proposed and built ran the customer's Dockerfile. If that escapes, it can sign what it likes. So this job
 * compares the proposal with what it sees itself: the run and commit of its own token, and the manifest in its own checkout.
 * Without a path it compares no manifest.
 */
export async function checkProposal(
  { claims, workspace }: Seen,
  change: ChangeHandle,
  path: string | undefined,
): Promise<void> {
  const problems = [
    ...change.events.flatMap((event) => otherRun(event, claims)),
    ...(path === undefined ? [] : await otherManifest(workspace, change, path)),
  ];
  if (problems.length > 0) throw failures.proposalMismatch(change.id, problems);
}

/**
 * The record and the event `built` must name the same image, in the contract's repository. A registry on this machine counts
 * only in a local release.
 */
export async function checkImage(
  { trust }: Pick<AdmissionWorld, 'trust'>,
  { target, names }: Admission,
  change: ChangeHandle,
  image: Image,
): Promise<void> {
  const { local = false } = await trust;
  const built = change.events.findLast(({ transition }) => transition.to === 'built')?.subject;
  const [host = '', ...path] = image.repositoryUri.split('/');
  const problems = [
    ...(built && (built.name !== image.repositoryUri || `sha256:${built.digest.sha256}` !== image.digest)
      ? [`its event built is about ${built.name}, its record about ${image.repositoryUri}`]
      : []),
    ...(path.join('/') === names.repository && isRegistryOf(host, target, local)
      ? []
      : [`its image is in ${image.repositoryUri}, the contract's repository is ${names.repository}`]),
  ];
  if (problems.length > 0) throw failures.proposalMismatch(change.id, problems);
}

function otherRun({ transition, run }: ChangeEvent, claims: JobClaims): readonly string[] {
  if (transition.to !== 'proposed' && transition.to !== 'built') return [];
  return (['repositoryId', 'runId', 'sha'] as const)
    .filter((fact) => run[fact] !== claims[fact])
    .map(
      (fact) =>
        `its event ${transition.to} names the ${WORDS[fact]} ${run[fact]}, this job's is ${claims[fact]}`,
    );
}

const WORDS = { repositoryId: 'repository', runId: 'run', sha: 'commit' } as const;

async function otherManifest(
  workspace: Workspace,
  change: ChangeHandle,
  path: string,
): Promise<readonly string[]> {
  // A rollback and an exercise are approved by their kind, so a build that breaks out must not propose one
  if (change.kind !== 'deploy') return [`it is of the kind ${change.kind}, and a commit is delivered here`];
  const read = await manifestIn(workspace, path);
  if (read.kind === 'none') return [`the manifest ${path} of the commit ${read.why}`];
  const recorded = await change.document('manifest', ServiceManifest);
  return canonicalJson(recorded) === canonicalJson(read.wish.manifest)
    ? []
    : [`its manifest is not the one in ${path} (or in ${scanPolicyBeside(path)}) of the commit`];
}

function isRegistryOf(host: string, { account, region }: Admission['target'], local: boolean): boolean {
  const [, owner, at] = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z.]+$/.exec(host) ?? [];
  return owner === undefined
    ? local && /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)
    : owner === account && at === region;
}
