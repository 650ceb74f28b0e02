import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Digest, Json, Role } from '@tenant-delivery/domain';
import type { Coverage } from '@tenant-delivery/findings';
import { partitionOf } from '@tenant-delivery/tenancy/derived-names';
import { numberIn, objectIn, objectsIn, textIn } from '../by-hand/json-answer.ts';
import { restCaller } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { INSPECTOR } from './inspector.ts';

/** Whether Amazon Inspector has looked at an image of ECR ("ListCoverage"). Once it was denied, it is not asked again. */
export function inspectorCoverage(
  session: Pick<Session, 'clientConfig'> & { readonly target: Pick<Session['target'], 'account'> },
  role: Role,
): (repositoryName: string, digest: Digest) => Promise<Coverage> {
  const config = session.clientConfig(role);
  const call = restCaller(INSPECTOR, config);
  const registry = `arn:${partitionOf(config.region)}:ecr:${config.region}:${session.target.account}`;
  let denied = false;
  return async (repositoryName, digest) => {
    if (denied) return { kind: 'not-permitted' };
    const image = `${registry}:repository/${repositoryName}/${digest}`;
    try {
      return coverageIn(await covered(call, image));
    } catch (thrown) {
      if (!(thrown instanceof Failure) || thrown.code !== 'AWS_DENIED') throw thrown;
      denied = true;
      return { kind: 'not-permitted' };
    }
  };
}

/** The rows about one image. A page may be empty and name another one. */
async function covered(call: ReturnType<typeof restCaller>, image: string): Promise<readonly Json[]> {
  const found: Json[] = [];
  const asked = new Set<string>();
  for (let token: string | undefined; ; ) {
    const sent = call('/coverage/list', {
      filterCriteria: { resourceId: [{ comparison: 'EQUALS', value: image }] },
      ...(token && { nextToken: token }),
    });
    const answer = await translated('inspector2:ListCoverage', sent);
    const rows = required(objectsIn(answer, 'coveredResources'), 'coveredResources');
    found.push(...rows.filter((row) => textIn(row, 'resourceId') === image));
    const next = textIn(answer, 'nextToken');
    if (!next || asked.has(next)) return found;
    asked.add(next);
    token = next;
  }
}

/** Of several rows the one speaks that says least for the image: no success, not active, on push alone, or the oldest look. */
function coverageIn(rows: readonly Json[]): Coverage {
  const known = rows.map(rowIn);
  return known.toSorted((a, b) => worthOf(a) - worthOf(b))[0] ?? { kind: 'none' };
}

type Known = Extract<Coverage, { readonly kind: 'known' }>;

function rowIn(row: Json): Known {
  const scan = required(objectIn(row, 'scanStatus'), 'coveredResources[].scanStatus');
  const seconds = numberIn(row, 'lastScannedAt');
  return {
    kind: 'known',
    status: required(textIn(scan, 'statusCode'), 'coveredResources[].scanStatus.statusCode'),
    reason: required(textIn(scan, 'reason'), 'coveredResources[].scanStatus.reason'),
    ...(seconds !== undefined && { lastScannedAt: seconds * 1000 }),
  };
}

function worthOf({ status, reason, lastScannedAt = 0 }: Known): number {
  if (reason === 'SCAN_FREQUENCY_SCAN_ON_PUSH') return -1;
  if (reason !== 'SUCCESSFUL') return -3;
  return status === 'ACTIVE' ? lastScannedAt : -2;
}
