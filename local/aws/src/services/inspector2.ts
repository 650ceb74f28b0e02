import type {
  BatchGetFindingDetailsCommandInput,
  BatchGetFindingDetailsCommandOutput,
  CoveredResource,
  FilterCriteria,
  ListCoverageCommandInput,
  ListCoverageCommandOutput,
  ListFindingsCommandInput,
  ListFindingsCommandOutput,
  ScanStatusReason,
  StringFilter,
} from '@aws-sdk/client-inspector2';
import { inspectorRules } from '../inspector/rules.ts';
import { enhancedReport, imageArn } from '../registry/enhanced-scan.ts';
import { manifestOf } from '../registry/image.ts';
import { detailOf, inspectorFinding } from '../registry/inspector-finding.ts';
import { nextCoverageStep } from '../registry/scan-script.ts';
import { scanProgress } from '../registry/scans.ts';
import { ecrState, type Repository, scanFrequencyOf } from '../registry/store.ts';
import { pageOf } from '../world/page.ts';
import { AwsError, type Call, type Service } from '../world/service.ts';
import type { Output } from './output.ts';

/** Amazon Inspector as far as it looks at images of ECR, where the registry is set to enhanced scanning. */
export const inspector2: Service = {
  name: 'inspector2',
  sdk: '@aws-sdk/client-inspector2',
  operations: {
    ListCoverage: listCoverage,
    ListFindings: listFindings,
    BatchGetFindingDetails: batchGetFindingDetails,
  },
  rules: inspectorRules,
};

async function listCoverage(
  input: ListCoverageCommandInput,
  call: Call,
): Promise<Output<ListCoverageCommandOutput>> {
  const { resourceId, ecrRepositoryName, ...others } = input.filterCriteria ?? {};
  refuseFilters(others);
  const all = await Promise.all(
    imagesOf(call).map(async ({ repository, digest }) => coverageOf(repository, digest, call)),
  );
  const fitting = all
    .filter((row) => row !== undefined)
    .filter((row) => fits(resourceId, row.resourceId))
    .filter((row) => fits(ecrRepositoryName, row.resourceMetadata?.ecrRepository?.name));
  const { items: rows, next: nextToken } = paged(fitting, input);
  return { coveredResources: rows, ...(nextToken === undefined ? {} : { nextToken }) };
}

async function coverageOf(
  repository: Repository,
  digest: string,
  call: Call,
): Promise<CoveredResource | undefined> {
  const { world, account, region } = call;
  const frequency = scanFrequencyOf(ecrState(world, account, region), repository);
  const row = (
    statusCode: 'ACTIVE' | 'INACTIVE',
    reason: string,
    lastScannedAt?: number,
  ): CoveredResource => ({
    resourceType: 'AWS_ECR_CONTAINER_IMAGE',
    resourceId: imageArn(repository, digest),
    accountId: account,
    scanType: 'PACKAGE',
    scanStatus: { statusCode, reason: reason as ScanStatusReason }, // a script may say a word that the SDK does not list
    resourceMetadata: {
      ecrRepository: { name: repository.name, scanFrequency: frequency },
      ecrImage: { tags: [] },
    },
    ...(lastScannedAt === undefined ? {} : { lastScannedAt: new Date(lastScannedAt) }),
  });
  const step = nextCoverageStep(world, account, digest);
  if (step.kind === 'none') return undefined;
  if (step.kind === 'covered') return row(step.statusCode, step.reason, step.lastScannedAt);
  if (frequency === 'MANUAL') return row('INACTIVE', 'SCAN_FREQUENCY_MANUAL');
  const progress = scanProgress(world, repository, digest);
  if (progress.state === 'none') return undefined;
  if (progress.state !== 'finished') return row('ACTIVE', 'PENDING_INITIAL_SCAN');
  const { status } = await enhancedReport(world, repository, digest);
  if (status === 'UNSUPPORTED_IMAGE') return row('INACTIVE', 'UNSUPPORTED_OS', progress.at);
  return frequency === 'SCAN_ON_PUSH'
    ? row('INACTIVE', 'SCAN_FREQUENCY_SCAN_ON_PUSH', progress.at)
    : row('ACTIVE', 'SUCCESSFUL', progress.at);
}

async function listFindings(
  input: ListFindingsCommandInput,
  call: Call,
): Promise<Output<ListFindingsCommandOutput>> {
  const {
    findingArn,
    ecrImageHash,
    ecrImageRepositoryName,
    resourceId,
    severity,
    vulnerabilityId,
    ...others
  } = input.filterCriteria ?? {};
  refuseFilters(others);
  const fitting = (await findingsOf(call)).filter(
    ({ finding, repository }) =>
      fits(findingArn, finding.arn) &&
      fits(ecrImageHash, finding.image.digest) &&
      fits(ecrImageRepositoryName, repository.name) &&
      fits(resourceId, finding.image.id) &&
      fits(severity, finding.advisory.severity) &&
      fits(vulnerabilityId, finding.advisory.id),
  );
  const { items: rows, next: nextToken } = paged(fitting, input);
  return {
    findings: rows.map(({ finding, seenAt }) => inspectorFinding(finding, call, seenAt)),
    ...(nextToken === undefined ? {} : { nextToken }),
  };
}

async function batchGetFindingDetails(
  input: BatchGetFindingDetailsCommandInput,
  call: Call,
): Promise<Output<BatchGetFindingDetailsCommandOutput>> {
  const asked = input.findingArns ?? [];
  const all = new Map((await findingsOf(call)).map(({ finding }) => [finding.arn, finding]));
  return {
    findingDetails: asked.flatMap((arn) => {
      const finding = all.get(arn);
      return finding ? [detailOf(finding)] : [];
    }),
    errors: asked
      .filter((arn) => !all.has(arn))
      .map((findingArn) => ({
        findingArn,
        errorCode: 'FINDING_DETAILS_NOT_FOUND' as const,
        errorMessage: 'Finding details not found',
      })),
  };
}

/** Every image that could be covered: an index is none, its children are. */
function imagesOf({ world, account, region }: Call) {
  const { repositories, scanning } = ecrState(world, account, region);
  if (scanning.scanType !== 'ENHANCED') return [];
  return Object.values(repositories).flatMap((repository) =>
    Object.keys(repository.manifests)
      .filter((digest) => manifestOf(repository, digest)?.kind !== 'index')
      .map((digest) => ({ repository, digest })),
  );
}

async function findingsOf(call: Call) {
  const parts = await Promise.all(
    imagesOf(call).map(async ({ repository, digest }) => {
      const progress = scanProgress(call.world, repository, digest);
      if (progress.state !== 'finished') return [];
      const report = await enhancedReport(call.world, repository, digest);
      const findings = report.status === 'done' ? report.findings : [];
      return findings.map((finding) => ({ finding, repository, seenAt: progress.at }));
    }),
  );
  return parts.flat();
}

function fits(filters: readonly StringFilter[] | undefined, value: string | undefined): boolean {
  if (!filters?.length) return true;
  return filters.some(({ comparison, value: wanted }) => {
    if (comparison === 'EQUALS') return value === wanted;
    if (comparison === 'PREFIX') return value?.startsWith(wanted ?? '') ?? false;
    if (comparison === 'NOT_EQUALS') return value !== wanted;
    throw invalid(`comparison ${comparison} is none`);
  });
}

function refuseFilters(others: Partial<FilterCriteria>): void {
  const [first] = Object.keys(others);
  if (first !== undefined)
    throw new AwsError('NotImplemented', `local-aws does not filter by ${first}.`, 501);
}

function paged<Row>(
  rows: readonly Row[],
  { maxResults = 100, nextToken }: Pick<ListFindingsCommandInput, 'maxResults' | 'nextToken'>,
) {
  return pageOf(rows, { token: nextToken, size: maxResults, refused: () => invalid('Invalid nextToken') });
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message, 400, { reason: 'FIELD_VALIDATION_FAILED' });
}
