import { type ScanMode, uncovered } from '@tenant-delivery/findings';
import type { RepositoryFacts } from '@tenant-delivery/oci';

/** What is wrong with a repository that an image is to be kept in; empty when nothing is. */
export function repositoryProblems(
  { tagMutability, encryption }: Pick<RepositoryFacts, 'tagMutability' | 'encryption'>,
  mode: ScanMode,
): readonly string[] {
  const says: string[] = [];
  if (tagMutability !== 'IMMUTABLE' && tagMutability !== 'IMMUTABLE_WITH_EXCLUSION') {
    says.push(
      `its tags are ${tagMutability}, so an image could be replaced under its name; make them IMMUTABLE`,
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
