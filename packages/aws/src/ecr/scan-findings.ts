import type { Failure } from '@tenant-delivery/action-kit/failure';
import type { Digest, Role } from '@tenant-delivery/domain';
import {
  type ImageChild,
  type Inspections,
  type PageRows,
  pageReader,
  type Reading,
  type SharedTexts,
  type StoredImage,
  sharedTexts,
} from '@tenant-delivery/findings';
import { objectIn, objectsIn, textIn, timeIn } from '../by-hand/json-answer.ts';
import { jsonCaller } from '../by-hand/signed-call.ts';
import { failureOf, messageOf, nameOf, required, statusOf, translated } from '../errors/translate.ts';
import { inspectorCoverage } from '../inspector/coverage.ts';
import { notRepeating } from '../session/retry-strategy.ts';
import type { Session } from '../session/session.ts';
import { ECR } from './ecr-service.ts';
import { childrenOf } from './image-children.ts';
import { pageIn, takeRows, takeRowsAtEnd } from './scan-rows.ts';

const PAGE = 1000; // the most rows that DescribeImageScanFindings gives at once
const IMAGES = 100; // the most images that DescribeImages is asked about at once
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
const TYPES = new Map<string, 'basic' | 'enhanced'>([
  ['BASIC', 'basic'],
  ['ENHANCED', 'enhanced'],
]);

type Call = ReturnType<typeof jsonCaller>;

interface Page {
  readonly head: ReturnType<typeof pageIn>;
  readonly rows: PageRows;
  /** The page that was asked for on the chance that it is the next. */
  readonly ahead: { readonly token: string; readonly page: Promise<Page> } | undefined;
}

/** A session, and the account whose registry it asks. */
type Asking = Pick<Session, 'clientConfig'> & { readonly target: Pick<Session['target'], 'account'> };

/** The inspections of the registry in the session's account and region, by Amazon ECR itself or by Amazon Inspector. */
export function ecrInspections(session: Asking, role: Role = 'gate'): Inspections {
  const config = session.clientConfig(role);
  const call = jsonCaller(ECR, config);
  const once = notRepeating(config.retryStrategy, ['LimitExceededException']); // one scan of an image a day
  const callOnce = jsonCaller(ECR, { ...config, retryStrategy: once });
  const registryId = session.target.account;
  // Children are read side by side and say the same words; once all are read, the words stay with the findings alone.
  let shared: SharedTexts | undefined;
  let reading = 0;
  return {
    async mode(repositoryName) {
      const [registry, repositories, technology] = await Promise.all([
        translated('ecr:GetRegistryScanningConfiguration', call('GetRegistryScanningConfiguration', {})),
        translated(
          'ecr:BatchGetRepositoryScanningConfiguration',
          call('BatchGetRepositoryScanningConfiguration', { repositoryNames: [repositoryName] }),
        ),
        // Only a warning hangs on it, so a role that may not ask goes on without.
        call('GetAccountSetting', { name: 'BASIC_SCAN_TYPE_VERSION' }).then(
          (answer) => textIn(answer, 'value'),
          () => undefined,
        ),
      ]);
      const configuration = required(objectIn(registry, 'scanningConfiguration'), 'scanningConfiguration');
      const type = required(textIn(configuration, 'scanType'), 'scanningConfiguration.scanType');
      const own = required(
        objectsIn(repositories, 'scanningConfigurations')?.[0],
        'scanningConfigurations[0]',
      );
      const frequency = required(textIn(own, 'scanFrequency'), 'scanningConfigurations[0].scanFrequency');
      return {
        type: required(TYPES.get(type), `a scanType that we know (it says ${type})`),
        frequency,
        ...(type === 'BASIC' && technology && { technology }),
      };
    },
    image: (repositoryName, digest) => describe(call, registryId, repositoryName, digest),
    async inspect(repositoryName, child) {
      reading += 1;
      shared ??= sharedTexts();
      try {
        return await everyPage(call, registryId, repositoryName, child, {
          shared,
          alone: () => reading === 1,
        });
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
      const answer = await translated('ecr:StartImageScan', callOnce('StartImageScan', asked), known);
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

async function describe(
  call: Call,
  registryId: string,
  repositoryName: string,
  digest: Digest,
): Promise<StoredImage | 'absent'> {
  const pushes = async (digests: readonly Digest[]) => {
    const imageIds = digests.map((imageDigest) => ({ imageDigest }));
    const described = await translated(
      'ecr:DescribeImages',
      call('DescribeImages', { registryId, repositoryName, imageIds }),
      ['ImageNotFoundException'],
    );
    if (described === 'ImageNotFoundException') return 'absent';
    return new Map(
      (objectsIn(described, 'imageDetails') ?? []).map((image) => [
        textIn(image, 'imageDigest'),
        timeIn(image, 'imagePushedAt'),
      ]),
    );
  };
  const read = async (imageDigest: Digest) => {
    const imageIds = [{ imageDigest }];
    const got = await translated(
      'ecr:BatchGetImage',
      call('BatchGetImage', { registryId, repositoryName, imageIds, acceptedMediaTypes: MANIFESTS }),
    );
    const [image] = objectsIn(got, 'images') ?? [];
    return image === undefined ? undefined : textIn(image, 'imageManifest');
  };
  const own = await pushes([digest]);
  if (own === 'absent') return 'absent';
  const pushedAt = required(own.get(digest), `imageDetails[].imagePushedAt of ${digest}`);
  const { children, attestations } = await childrenOf(read, digest);
  const others = children.map((child) => child.digest).filter((child) => child !== digest);
  // A child that another index brought earlier was inspected then, and not again.
  const parts = await Promise.all(
    Array.from({ length: Math.ceil(others.length / IMAGES) }, (_, part) =>
      pushes(others.slice(part * IMAGES, (part + 1) * IMAGES)),
    ),
  );
  const pushOf = (child: Digest) => {
    const found = parts.flatMap((part) => (part === 'absent' ? [] : (part.get(child) ?? [])))[0];
    return found === undefined ? {} : { pushedAt: found };
  };
  return {
    pushedAt,
    children: children.map((child) => ({ ...child, ...pushOf(child.digest) })),
    attestations,
  };
}

/**
 * The pages of one digest come one after the other: each names the next. One that names an earlier one ends the list. The
 * next is asked for as soon as a page has come, by the token that its text seems to name, and while its rows are read;
 * where other children are read meanwhile, which keeps the processor busy anyway, rows are read as they come, so that no
 * page waits in memory.
 */
async function everyPage(
  call: Call,
  registryId: string,
  repositoryName: string,
  { digest, platform }: ImageChild,
  { shared, alone }: { readonly shared: SharedTexts; readonly alone: () => boolean },
): Promise<Reading> {
  const reader = pageReader(platform, shared);
  const followed = new Set<string | undefined>();
  const ask = async (nextToken: string | undefined): Promise<Page> => {
    const asked = {
      registryId,
      repositoryName,
      imageId: { imageDigest: digest },
      maxResults: PAGE,
      ...(nextToken && { nextToken }),
    };
    let rows = reader.rows();
    let ahead: Page['ahead'];
    const goOn = (token: string) => {
      if (followed.has(token) || !followed.has(nextToken)) return; // a page that nobody waits for yet is far enough ahead
      ahead = { token, page: ask(token) };
      ahead.page.catch(() => {}); // awaited after this page's rows, if they name it, and they may be unreadable
    };
    const answer = await call('DescribeImageScanFindings', asked, () => {
      rows = reader.rows(); // a try that broke off is sent again, and what the last one gave is the page's
      return alone() ? takeRowsAtEnd(rows, goOn) : takeRows(rows);
    });
    return { head: pageIn(answer), rows, ahead };
  };
  for (let token: string | undefined, asked: Promise<Page> | undefined; ; ) {
    followed.add(token);
    const { head, rows, ahead } = await (asked ?? ask(token));
    reader.add(head, rows);
    token = head.nextToken;
    if (!token || followed.has(token)) return reader.read();
    asked = ahead?.token === token ? ahead.page : undefined;
  }
}
