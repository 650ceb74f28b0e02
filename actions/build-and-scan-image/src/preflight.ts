import { type ScanMode, uncovered } from '@tenant-delivery/findings';
import type { RepositoryFacts } from '@tenant-delivery/oci';

/** Tags that may be moved: those under which older tools keep signatures. No tag of ours begins so. */
const EXCLUSIONS = ['sha256-*'];

/** What is wrong with a repository that an image is to be kept in; empty when nothing is. */
export function repositoryProblems(
  {
    tagMutability,
    exclusions,
    encryption,
  }: Pick<RepositoryFacts, 'tagMutability' | 'exclusions' | 'encryption'>,
  mode: ScanMode,
): readonly string[] {
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
  if (!['AES256', 'KMS', 'KMS_DSSE'].includes(encryption)) {
    says.push(`its encryption is ${encryption}, which is none that we know`);
  }
  if (uncovered(mode) !== undefined) {
    says.push(
      `it is scanned ${mode.frequency}; add it to a rule of the registry that scans on push or continuously`,
    );
  }
  return says;
}
