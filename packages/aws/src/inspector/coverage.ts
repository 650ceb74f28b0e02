import type { CoveredResource } from '@aws-sdk/client-inspector2';
import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Digest, Role } from '@tenant-delivery/domain';
import { partitionOf } from '@tenant-delivery/domain';
import type { Coverage } from '@tenant-delivery/findings/coverage';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { type Inspector, inspectorClient } from './inspector.ts';

/** Whether Amazon Inspector has looked at an image of ECR ("ListCoverage"). Once it was denied, it is not asked again. */
export function inspectorCoverage(
  session: Pick<Session, 'clientConfig'> & { readonly target: Pick<Session['target'], 'account'> },
  role: Role,
): (repositoryName: string, digest: Digest) => Promise<Coverage> {
  const config = session.clientConfig(role);
  const inspector = inspectorClient(config);
  const registry = `arn:${partitionOf(config.region)}:ecr:${config.region}:${session.target.account}`;
  let denied = false;
  return async (repositoryName, digest) => {
    if (denied) return { kind: 'not-permitted' };
    const image = `${registry}:repository/${repositoryName}/${digest}`;
    try {
      return coverageIn(await covered(inspector, image));
    } catch (thrown) {
      if (!(thrown instanceof Failure) || thrown.code !== 'AWS_DENIED') throw thrown;
      denied = true;
      return { kind: 'not-permitted' };
    }
  };
}

/** The rows about one image. A page may be empty and name another one, or an earlier one, which ends the list. */
async function covered(inspector: Inspector, image: string): Promise<readonly CoveredResource[]> {
  const asked = { filterCriteria: { resourceId: [{ comparison: 'EQUALS' as const, value: image }] } };
  const pages = inspector.pages((sdk, client) => sdk.paginateListCoverage({ client }, asked));
  const read = async () => {
    const found: CoveredResource[] = [];
    const followed = new Set<string | undefined>();
    for await (const { coveredResources, nextToken } of pages) {
      const rows = required(coveredResources, 'coveredResources');
      found.push(...rows.filter(({ resourceId }) => resourceId === image));
      if (followed.has(nextToken)) break;
      followed.add(nextToken);
    }
    return found;
  };
  return translated<readonly CoveredResource[]>('inspector2:ListCoverage', read());
}

/** Of several rows the one speaks that says least for the image: no success, not active, on push alone, or the oldest look. */
function coverageIn(rows: readonly CoveredResource[]): Coverage {
  const known = rows.map(rowIn);
  return known.toSorted((a, b) => worthOf(a) - worthOf(b))[0] ?? { kind: 'none' };
}

type Known = Extract<Coverage, { readonly kind: 'known' }>;

function rowIn({ scanStatus, lastScannedAt }: CoveredResource): Known {
  const scan = required(scanStatus, 'coveredResources[].scanStatus');
  return {
    kind: 'known',
    status: required(scan.statusCode, 'coveredResources[].scanStatus.statusCode'),
    reason: required(scan.reason, 'coveredResources[].scanStatus.reason'),
    ...(lastScannedAt !== undefined && { lastScannedAt: lastScannedAt.getTime() }),
  };
}

function worthOf({ status, reason, lastScannedAt = 0 }: Known): number {
  if (reason === 'SCAN_FREQUENCY_SCAN_ON_PUSH') return -1;
  if (reason !== 'SUCCESSFUL') return -3;
  return status === 'ACTIVE' ? lastScannedAt : -2;
}
