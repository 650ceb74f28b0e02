import type { ScanMode } from '@tenant-delivery/findings/ports';
import { uncovered } from '@tenant-delivery/findings/scan-state';
import type { RepositoryEncryption, RepositoryFacts } from '@tenant-delivery/oci/registry/port';
import type { RegistryAgreement } from '@tenant-delivery/tenancy/contract';

/** Tags that may be moved: those under which older tools keep signatures. No tag of ours begins so. */
const EXCLUSIONS = ['sha256-*'];

/** A repository, and what the rules of its registry do with what is pushed to it. */
export interface Kept extends Pick<RepositoryFacts, 'tagMutability' | 'exclusions' | 'encryption' | 'key'> {
  readonly mode: ScanMode;
  readonly replicatedTo: readonly string[];
  readonly signedWith: readonly string[];
}

/** What is wrong with a repository that an image is to be kept in; empty when nothing is. */
export function repositoryProblems(kept: Kept, agreed: RegistryAgreement): readonly string[] {
  const { tagMutability, exclusions, mode } = kept;
  const says: string[] = [];
  if (tagMutability !== 'IMMUTABLE' && tagMutability !== 'IMMUTABLE_WITH_EXCLUSION') {
    says.push(
      `its tags are ${tagMutability}, so an image could be replaced under its name; make them IMMUTABLE`,
    );
  }
  const loose = exclusions.filter((filter) => !EXCLUSIONS.includes(filter));
  if (tagMutability === 'IMMUTABLE_WITH_EXCLUSION' && loose.length > 0) {
    says.push(
      `its tags ${loose.join(', ')} may be moved; no exclusion but ${EXCLUSIONS.join(', ')} is allowed`,
    );
  }
  if (uncovered(mode) !== undefined) {
    says.push(
      `it is scanned ${mode.frequency}; add it to a rule of the registry that scans on push or continuously`,
    );
  }
  return [...says, ...encryptionProblems(kept, agreed), ...ruleProblems(kept, agreed)];
}

function encryptionProblems(
  { encryption, key }: Pick<Kept, 'encryption' | 'key'>,
  { encryption: agreed }: RegistryAgreement,
): readonly string[] {
  if (!['AES256', 'KMS', 'KMS_DSSE'].includes(encryption))
    return [`its encryption is ${encryption}, which is none that we know`];
  if (agreed === undefined) return [];
  const wanted = 'key' in agreed ? agreed : { ...agreed, key: undefined };
  if (wanted.type === encryption && (wanted.key === undefined || wanted.key === key)) return [];
  return [
    `its encryption is ${sayEncryption({ type: encryption, key })}, but the contract promises ${sayEncryption(wanted)}; ECR changes it of no repository that exists`,
  ];
}

function ruleProblems(
  { replicatedTo, signedWith }: Pick<Kept, 'replicatedTo' | 'signedWith'>,
  { replicatedTo: regions = [], signingProfile }: RegistryAgreement,
): readonly string[] {
  const uncopied = regions.filter((region) => !replicatedTo.includes(region));
  const unsigned = signingProfile !== undefined && !signedWith.includes(signingProfile);
  return [
    ...uncopied.map(
      (region) => `no rule of the registry copies its images to ${region}, as the contract promises`,
    ),
    ...(unsigned
      ? [`no rule of the registry signs its images with ${signingProfile}, as the contract promises`]
      : []),
  ];
}

function sayEncryption({ type, key }: RepositoryEncryption): string {
  return key === undefined ? type : `${type} with ${key}`;
}
