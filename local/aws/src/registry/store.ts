import type { World } from '../world/world.ts';

/** ECR's view of one account and region: plain data, blobs apart (`blobs.ts`). */
export interface EcrState {
  readonly repositories: Record<string, Repository>;
  readonly scanning: {
    scanType: ScanType;
    rules: ScanRule[];
    /** What basic scanning looks with; AWS's own where absent. */
    basicVersion?: 'AWS_NATIVE' | 'CLAIR';
  };
  /** Whether a push may take layers of another repository of the registry; not unless somebody says so. */
  blobMounting?: 'ENABLED' | 'DISABLED';
}

/** `ENHANCED` is Amazon Inspector's, which looks at packages of languages too. */
export type ScanType = 'BASIC' | 'ENHANCED';

export interface ScanRule {
  /** `CONTINUOUS_SCAN` of enhanced scanning alone. */
  readonly scanFrequency: 'SCAN_ON_PUSH' | 'CONTINUOUS_SCAN' | 'MANUAL';
  /** `*` matches any text, as in ECR's WILDCARD filters. */
  readonly filters: readonly string[];
}

export interface Repository {
  readonly name: string;
  readonly registryId: string;
  readonly region: string;
  /** Milliseconds of virtual time, as every moment here. */
  readonly createdAt: number;
  tagMutability: TagMutability;
  /** Tags that the rule does not apply to, with `*` for any text. */
  exclusions?: readonly string[];
  /** The repository's own setting, which counts where no rule of a registry with basic scanning covers it. */
  scanOnPush?: boolean;
  encryption: { readonly encryptionType: 'AES256' | 'KMS' | 'KMS_DSSE'; readonly kmsKey?: string };
  readonly tags: Record<string, string>;
  /** Of the repository as a resource of AWS, by key. */
  resourceTags?: Record<string, string>;
  readonly manifests: Record<string, StoredManifest>;
  /** Digests of the blobs that this repository may serve. */
  readonly blobs: Record<string, true>;
  readonly scans: Record<string, Scan>;
  lifecycle?: Lifecycle;
}

/** A lifecycle policy as it was given, and the last preview of one. */
export interface Lifecycle {
  readonly policy?: string;
  readonly preview?: { readonly policy: string; readonly startedAt: number };
}

export type TagMutability = 'MUTABLE' | 'IMMUTABLE' | 'MUTABLE_WITH_EXCLUSION' | 'IMMUTABLE_WITH_EXCLUSION';

/** Whether a tag of the repository may be moved ("Image tag mutability", Amazon ECR user guide). */
export function mayMove({ tagMutability, exclusions = [] }: Repository, tag: string): boolean {
  const excluded = exclusions.some((filter) => matches(filter, tag));
  switch (tagMutability) {
    case 'MUTABLE_WITH_EXCLUSION':
      return !excluded;
    case 'IMMUTABLE_WITH_EXCLUSION':
      return excluded;
    default:
      return tagMutability === 'MUTABLE';
  }
}

export interface StoredManifest {
  readonly mediaType: string;
  readonly text: string;
  readonly pushedAt: number;
  readonly subject?: string;
  readonly artifactType?: string;
  pulledAt?: number;
  archive?: Archive;
}

/** When an image was put into the archive last, and when it was asked back. */
export interface Archive {
  readonly archivedAt: number;
  readonly restoredAt?: number;
}

export interface Scan {
  readonly startedAt: number;
  /** Which kind of scanning made it; basic where absent. What one kind found is hidden from the other. */
  readonly type?: ScanType;
}

export function ecrState(world: World, account: string, region: string): EcrState {
  return world.state<EcrState>('ecr', account, region, () => ({
    repositories: {},
    scanning: { scanType: 'BASIC', rules: [] }, // until somebody configures it nothing is scanned
  }));
}

export function repositoryArn(repository: Repository): string {
  return `arn:aws:ecr:${repository.region}:${repository.registryId}:repository/${repository.name}`;
}

/** `127.0.0.1:PORT/name`: one host serves every account, and the caller's token says which one is meant. */
export function repositoryUri(world: World, repository: Repository): string {
  return `${new URL(world.url).host}/${repository.name}`;
}

export function tagsOf(repository: Repository, digest: string): string[] {
  return Object.keys(repository.tags)
    .filter((tag) => repository.tags[tag] === digest)
    .sort();
}

/** When the images of a repository are scanned ("Scan images for software vulnerabilities in Amazon ECR"). */
export function scanFrequencyOf(state: EcrState, repository: Repository): ScanRule['scanFrequency'] {
  const rule = scanRuleOf(state, repository.name);
  if (rule) return rule.scanFrequency;
  return state.scanning.scanType === 'BASIC' && repository.scanOnPush ? 'SCAN_ON_PUSH' : 'MANUAL';
}

/** The rule of the registry that covers a repository. */
export function scanRuleOf(state: EcrState, name: string): ScanRule | undefined {
  return state.scanning.rules.find((rule) => rule.filters.some((filter) => matches(filter, name)));
}

export function matches(filter: string, name: string): boolean {
  const pattern = filter.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(name);
}
