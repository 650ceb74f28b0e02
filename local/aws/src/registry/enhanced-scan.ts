import { createHash } from 'node:crypto';
import type { EnhancedImageScanFinding, VulnerablePackage } from '@aws-sdk/client-ecr';
import { type Advisory, findingsIn, nodeFindingsIn } from '../advisories/index.ts';
import type { World } from '../world/world.ts';
import { readImage, type StoredConfig } from './image.ts';
import { nodePackagesOf, operatingSystemOf } from './packages.ts';
import { type Repository, repositoryArn } from './store.ts';

/** What Amazon Inspector says of an image that it has looked at. */
export type EnhancedReport =
  | { readonly status: 'done'; readonly findings: readonly EnhancedFinding[] }
  | { readonly status: 'UNSUPPORTED_IMAGE' };

/** A finding before it has the shape of an API: ECR's and Inspector's differ. */
export interface EnhancedFinding {
  readonly arn: string;
  readonly advisory: Advisory;
  readonly source: 'DEBIAN_CVE' | 'NVD';
  readonly packages: readonly VulnerablePackage[];
  readonly fixAvailable: 'YES' | 'NO';
  readonly image: {
    readonly id: string;
    readonly digest: string;
    readonly architecture: string;
    readonly platform: string;
    readonly pushedAt: number;
  };
}

const reports = new WeakMap<World, Map<string, Promise<EnhancedReport>>>();

/** Layers never change under a digest, so each image is looked into once. */
export function enhancedReport(
  world: World,
  repository: Repository,
  digest: string,
): Promise<EnhancedReport> {
  const ofWorld = reports.get(world) ?? new Map<string, Promise<EnhancedReport>>();
  reports.set(world, ofWorld);
  const key = `${repositoryArn(repository)} ${digest}`;
  const known = ofWorld.get(key) ?? inspect(world, repository, digest);
  ofWorld.set(key, known);
  return known;
}

export function imageArn(repository: Repository, digest: string): string {
  return `${repositoryArn(repository)}/${digest}`;
}

async function inspect(world: World, repository: Repository, digest: string): Promise<EnhancedReport> {
  const stored = readImage(world, repository, digest);
  // A signature or another artifact has layers that are no archives, and a scanner can read nothing in it.
  const system = stored && (await operatingSystemOf(stored.layers).catch(() => undefined));
  if (stored === undefined || system === undefined) return { status: 'UNSUPPORTED_IMAGE' };
  const image = {
    id: imageArn(repository, digest),
    digest,
    architecture: architectureOf(stored.config),
    platform: `DEBIAN_${system.version}`,
    pushedAt: repository.manifests[digest]?.pushedAt ?? 0,
  };
  const ofSystem = findingsIn(system).map(({ advisory, packages }) =>
    finding(
      repository,
      image,
      advisory,
      'DEBIAN_CVE',
      packages.map((one) => ({
        ...debianVersion(one.version),
        name: one.name,
        arch: image.architecture.toUpperCase(),
        packageManager: 'OS',
        sourceLayerHash: system.layer,
        fixedInVersion: fixOf(advisory),
      })),
    ),
  );
  const ofNode = nodeFindingsIn(await nodePackagesOf(stored.layers)).map(({ advisory, packages }) =>
    finding(
      repository,
      image,
      advisory,
      'NVD',
      packages.map(({ name, version, path, layer }) => ({
        name,
        version,
        packageManager: 'NODEPKG',
        filePath: path,
        sourceLayerHash: layer,
        fixedInVersion: fixOf(advisory),
      })),
    ),
  );
  return { status: 'done', findings: [...ofSystem, ...ofNode] };
}

function finding(
  { registryId, region }: Repository,
  image: EnhancedFinding['image'],
  advisory: Advisory,
  source: EnhancedFinding['source'],
  packages: readonly VulnerablePackage[],
): EnhancedFinding {
  const id = createHash('sha256').update(`${image.id} ${advisory.id}`).digest('hex').slice(0, 32);
  const arn = `arn:aws:inspector2:${region}:${registryId}:finding/${id}`;
  return {
    arn,
    advisory,
    source,
    packages,
    image,
    fixAvailable: advisory.fixed === undefined ? 'NO' : 'YES',
  };
}

/** As Inspector writes that there is none. */
function fixOf({ fixed }: Advisory): string {
  return fixed ?? 'NotAvailable';
}

function architectureOf({ architecture }: StoredConfig): string {
  return architecture ?? 'amd64';
}

/** `1:1.2.13.dfsg-1` in the parts that Inspector gives it in. */
function debianVersion(text: string): { version: string; epoch: number; release?: string } {
  const [, epoch = '0', rest = text] = /^(\d+):(.*)$/.exec(text) ?? [];
  const dash = rest.lastIndexOf('-');
  return dash < 0
    ? { version: rest, epoch: Number(epoch) }
    : { version: rest.slice(0, dash), epoch: Number(epoch), release: rest.slice(dash + 1) };
}

/** As ECR's DescribeImageScanFindings shows it. */
export function asEcrFinding(
  { arn, advisory, source, packages, image, fixAvailable }: EnhancedFinding,
  { registryId, name }: Repository,
  seenAt: number,
): EnhancedImageScanFinding {
  const score = Number(advisory.score);
  return {
    awsAccountId: registryId,
    description: advisory.description,
    findingArn: arn,
    firstObservedAt: new Date(seenAt),
    lastObservedAt: new Date(seenAt),
    updatedAt: new Date(seenAt),
    type: 'PACKAGE_VULNERABILITY',
    title: titleOf(advisory, packages),
    severity: advisory.severity,
    status: 'ACTIVE',
    score,
    scoreDetails: {
      cvss: { adjustments: [], score, scoreSource: 'NVD', scoringVector: advisory.vector, version: '3.1' },
    },
    fixAvailable,
    exploitAvailable: advisory.exploit ? 'YES' : 'NO',
    remediation: { recommendation: { text: 'None Provided' } },
    resources: [
      {
        id: image.id,
        type: 'AWS_ECR_CONTAINER_IMAGE',
        tags: {},
        details: {
          awsEcrContainerImage: {
            architecture: image.architecture,
            imageHash: image.digest,
            imageTags: [],
            platform: image.platform,
            pushedAt: new Date(image.pushedAt),
            registry: registryId,
            repositoryName: name,
          },
        },
      },
    ],
    packageVulnerabilityDetails: {
      vulnerabilityId: advisory.id,
      source,
      sourceUrl: sourceUrlOf(advisory, source),
      vendorSeverity: source === 'DEBIAN_CVE' ? 'not yet assigned' : advisory.severity,
      vendorCreatedAt: new Date(advisory.published),
      relatedVulnerabilities: [...(advisory.aliases ?? [])],
      referenceUrls: [],
      cvss: [{ baseScore: score, scoringVector: advisory.vector, source: 'NVD', version: '3.1' }],
      vulnerablePackages: [...packages],
    },
  };
}

export function titleOf({ id }: Advisory, packages: readonly VulnerablePackage[]): string {
  return `${id} - ${packages.map(({ name }) => name).join(', ')}`;
}

export function sourceUrlOf({ id }: Advisory, source: EnhancedFinding['source']): string {
  return source === 'DEBIAN_CVE'
    ? `https://security-tracker.debian.org/tracker/${id}`
    : `https://nvd.nist.gov/vuln/detail/${id}`;
}
