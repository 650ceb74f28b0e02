import type { Failure } from '@tenant-delivery/action-kit/failure';
import type { Role } from '@tenant-delivery/domain';
import type { ImageChild } from '@tenant-delivery/findings/finding';
import type { Inspections } from '@tenant-delivery/findings/ports';
import { pageReader, type Reading } from '@tenant-delivery/findings/scan-pages';
import { type SharedTexts, sharedTexts } from '@tenant-delivery/findings/shared-texts';
import pLimit, { type LimitFunction } from 'p-limit';
import { failureOf, messageOf, nameOf, statusOf, translated } from '../errors/translate.ts';
import { inspectorCoverage } from '../inspector/coverage.ts';
import { hearingConfigs } from '../session/hearing-configs.ts';
import { notRepeating } from '../session/retry-strategy.ts';
import type { Session } from '../session/session.ts';
import { type Ecr, ecrClient } from './ecr-client.ts';
import { scanMode, scannerOf } from './scan-mode.ts';
import { storedImage } from './stored-image.ts';

const PAGES_AT_ONCE = 4; // a page is some megabytes until its rows are read
const PAGE = 1000; // the most rows that DescribeImageScanFindings gives at once
const SILENCE = 60_000; // milliseconds without a word of a page, which has up to 2.3 MB

/** A session, and the account whose registry it asks. */
type Asking = Pick<Session, 'clientConfig' | 'clock'> & {
  readonly target: Pick<Session['target'], 'account'>;
};

/** The inspections of the registry in the session's account and region, by Amazon ECR itself or by Amazon Inspector. */
export function ecrInspections(session: Asking, role: Role = 'gate'): Inspections {
  const { config, time } = hearingConfigs((attempts) => session.clientConfig(role, attempts), session.clock);
  const ecr = ecrClient(config);
  const patient = { requestTimeout: SILENCE, socketTimeout: SILENCE };
  const patientEcr = ecrClient({ ...config, requestHandler: { ...config.requestHandler, ...patient } });
  const once = notRepeating(config.retryStrategy, ['LimitExceededException']); // one scan of an image a day
  const starting = ecrClient({ ...config, retryStrategy: once });
  const registryId = session.target.account;
  // Children are read side by side and say the same words; once all are read, the words stay with the findings alone.
  let shared: SharedTexts | undefined;
  let reading = 0;
  const turn = pLimit(PAGES_AT_ONCE);
  return {
    mode: (repositoryName) => scanMode(ecr, repositoryName),
    scanner: () => scannerOf(ecr),
    image: (repositoryName, digest, children) =>
      storedImage(ecr, { registryId, repositoryName, digest }, children),
    async inspect(repositoryName, child) {
      reading += 1;
      shared ??= sharedTexts();
      const askedAt = time.told();
      try {
        const { reply, findings } = await everyPage(patientEcr, registryId, repositoryName, child, {
          shared,
          alone: () => reading === 1,
          turn,
        });
        return { reply: { ...reply, ...(askedAt !== undefined && { askedAt }) }, findings };
      } catch (thrown) {
        const name = nameOf(thrown);
        if (name === 'ScanNotFoundException') return nothing('SCAN_NOT_FOUND');
        if (name === 'ImageNotFoundException') return nothing('IMAGE_NOT_FOUND');
        throw findingsFailure(thrown);
      } finally {
        reading -= 1;
        if (reading === 0) shared = undefined;
      }
    },
    async start(repositoryName, digest) {
      const asked = { registryId, repositoryName, imageId: { imageDigest: digest } };
      const known = ['LimitExceededException', 'UnsupportedImageTypeException'] as const;
      const answer = await translated(
        'ecr:StartImageScan',
        starting.send((sdk) => new sdk.StartImageScanCommand(asked)),
        known,
      );
      return answer === 'UnsupportedImageTypeException' ? 'unsupported' : undefined;
    },
    coverage: inspectorCoverage(session, role),
  };
}

function nothing(status: string) {
  return { reply: { status, listed: 0 }, findings: [] };
}

/** Findings of enhanced scanning are Amazon Inspector's, and ECR asks it in the caller's name. */
function findingsFailure(cause: unknown): Failure {
  const action = 'ecr:DescribeImageScanFindings';
  const needed = /not authorized to perform: ([\w-]+:\w+)/.exec(messageOf(cause))?.[1];
  if (needed !== undefined && needed !== action) return failureOf(`${needed}, which ${action} needs`, cause);
  const failed = (statusOf(cause) ?? 0) >= 500;
  return failureOf(
    failed ? `${action} (with enhanced scanning it needs inspector2:ListFindings too)` : action,
    cause,
  );
}

/** The pages of one digest come one after the other: each names the next. One that names an earlier one ends the list. */
async function everyPage(
  ecr: Ecr,
  registryId: string,
  repositoryName: string,
  { digest, platform }: ImageChild,
  {
    shared,
    alone,
    turn,
  }: { readonly shared: SharedTexts; readonly alone: () => boolean; readonly turn: LimitFunction },
): Promise<Reading> {
  const reader = pageReader(platform, shared);
  const imageId = { imageDigest: digest };
  const pages = ecr.pages((sdk, client) =>
    sdk.paginateDescribeImageScanFindings(
      { client },
      { registryId, repositoryName, imageId, maxResults: PAGE },
    ),
  );
  const followed = new Set<string | undefined>();
  let ahead: ReturnType<typeof pages.next> | undefined;
  const nextPage = async (): Promise<boolean> => {
    const { value: page, done } = await (ahead ?? pages.next());
    if (done) return false;
    const more = !followed.has(page.nextToken);
    followed.add(page.nextToken);
    // On its way while the rows of this page are read; of many children no page waits in memory.
    ahead = more && alone() ? pages.next() : undefined;
    ahead?.catch(() => {}); // awaited by the next turn
    reader.add(page);
    return more;
  };
  while (await turn(nextPage));
  return reader.read();
}
