import {
  BatchGetImageCommand,
  BatchGetRepositoryScanningConfigurationCommand,
  DescribeImageScanFindingsCommand,
  type DescribeImageScanFindingsCommandOutput,
  DescribeImagesCommand,
  ECRClient,
  GetRegistryScanningConfigurationCommand,
  type ImageScanFinding,
  StartImageScanCommand,
} from '@aws-sdk/client-ecr';
import type { Digest, Role } from '@tenant-delivery/domain';
import {
  type Finding,
  type ImageChild,
  type Inspections,
  type ScanReply,
  type StoredImage,
  severityOf,
} from '@tenant-delivery/findings';
import { childrenOf } from './image-children.ts';
import type { Session } from './session.ts';
import { failureOf, nameOf, required, translated } from './translate.ts';

const PAGE = 1000; // the most rows that DescribeImageScanFindings gives at once
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** A session, and the account whose registry it asks. */
type Asking = Pick<Session, 'clientConfig'> & { readonly target: Pick<Session['target'], 'account'> };

/** Inspections by Amazon ECR basic scanning, in the registry of the session's account and region. */
export function ecrInspections(session: Asking, role: Role = 'gate'): Inspections {
  const client = new ECRClient(session.clientConfig(role));
  const registryId = session.target.account;
  return {
    async mode(repositoryName) {
      const registry = await translated(
        'ecr:GetRegistryScanningConfiguration',
        client.send(new GetRegistryScanningConfigurationCommand({})),
      );
      const repositories = await translated(
        'ecr:BatchGetRepositoryScanningConfiguration',
        client.send(
          new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames: [repositoryName] }),
        ),
      );
      const type = required(registry.scanningConfiguration?.scanType, 'scanningConfiguration.scanType');
      const frequency = required(
        repositories.scanningConfigurations?.[0]?.scanFrequency,
        'scanningConfigurations[0].scanFrequency',
      );
      return { type: type === 'ENHANCED' ? 'enhanced' : 'basic', frequency };
    },
    image: (repositoryName, digest) => describe(client, registryId, repositoryName, digest),
    async inspect(repositoryName, child) {
      try {
        return await everyPage(client, registryId, repositoryName, child);
      } catch (thrown) {
        if (nameOf(thrown) === 'ScanNotFoundException')
          return { reply: { status: 'SCAN_NOT_FOUND', listed: 0 }, findings: [] };
        throw failureOf('ecr:DescribeImageScanFindings', thrown);
      }
    },
    async start(repositoryName, digest) {
      const sent = client.send(
        new StartImageScanCommand({ registryId, repositoryName, imageId: { imageDigest: digest } }),
      );
      await translated('ecr:StartImageScan', sent, [
        'LimitExceededException',
        'UnsupportedImageTypeException',
      ]);
    },
  };
}

async function describe(
  client: ECRClient,
  registryId: string,
  repositoryName: string,
  digest: Digest,
): Promise<StoredImage | 'absent'> {
  const imageIds = [{ imageDigest: digest }];
  const described = await translated(
    'ecr:DescribeImages',
    client.send(new DescribeImagesCommand({ registryId, repositoryName, imageIds })),
    ['ImageNotFoundException'],
  );
  if (described === 'ImageNotFoundException') return 'absent';
  const detail = required(described.imageDetails?.[0], 'imageDetails[0]');
  const got = await translated(
    'ecr:BatchGetImage',
    client.send(
      new BatchGetImageCommand({ registryId, repositoryName, imageIds, acceptedMediaTypes: MANIFESTS }),
    ),
  );
  const manifest = required(got.images?.[0]?.imageManifest, 'images[0].imageManifest');
  return {
    pushedAt: required(detail.imagePushedAt, 'imageDetails[0].imagePushedAt').getTime(),
    children: childrenOf(manifest, digest),
  };
}

async function everyPage(
  client: ECRClient,
  registryId: string,
  repositoryName: string,
  child: ImageChild,
): Promise<{ readonly reply: ScanReply; readonly findings: readonly Finding[] }> {
  const findings: Finding[] = [];
  let nextToken: string | undefined;
  for (;;) {
    const page: DescribeImageScanFindingsCommandOutput = await client.send(
      new DescribeImageScanFindingsCommand({
        registryId,
        repositoryName,
        imageId: { imageDigest: child.digest },
        maxResults: PAGE,
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    findings.push(...(page.imageScanFindings?.findings ?? []).map((row) => findingOf(row, child.platform)));
    nextToken = page.nextToken;
    if (nextToken === undefined) return { reply: replyOf(page, findings.length), findings };
  }
}

function replyOf(page: DescribeImageScanFindingsCommandOutput, listed: number): ScanReply {
  const status = required(page.imageScanStatus?.status, 'imageScanStatus.status');
  const counts = page.imageScanFindings?.findingSeverityCounts;
  const completedAt = page.imageScanFindings?.imageScanCompletedAt?.getTime();
  return {
    status,
    listed,
    ...(page.imageScanStatus?.description ? { description: page.imageScanStatus.description } : {}),
    ...(completedAt === undefined ? {} : { completedAt }),
    ...(counts === undefined
      ? {}
      : { counted: Object.values(counts).reduce((sum, count) => sum + count, 0) }),
  };
}

function findingOf(row: ImageScanFinding, platform: string): Finding {
  const attribute = (key: string) => row.attributes?.find((one) => one.key === key)?.value;
  const fixedIn = attribute('fixed_in_version') ?? attribute('patched_versions');
  return {
    vulnerability: row.name ?? 'unnamed',
    severity: severityOf(row.severity),
    saidSeverity: row.severity ?? 'none given',
    package: attribute('package_name') ?? 'unnamed package',
    version: attribute('package_version') ?? 'unknown version',
    ...(fixedIn ? { fixedIn } : {}),
    ...(row.uri ? { uri: row.uri } : {}),
    platforms: [platform],
  };
}
