import { contractOfSize, LONGEST_PROVIDER, SHAPES } from '@tenant-delivery/provisioning/contract-of-size';
import { sizesOf } from '@tenant-delivery/provisioning/lint-documents';
import { type Column, sizesTable } from '@tenant-delivery/provisioning/sizes-table';
import { thisRelease } from '@tenant-delivery/release/this-release';
import type { ContractFile } from '@tenant-delivery/tenancy/lint-uniqueness';
import type { Io } from '../io.ts';

/** Prints how large every document is that a provider makes of a contract: of those given, or of contracts of some shapes. */
export function sizes(files: readonly ContractFile[], io: Io): number {
  const columns = files.length === 0 ? shapes() : files.flatMap(ofContract);
  if (files.length === 0) io.out('Services / repositories / releases in use, and nothing else agreed:\n');
  io.out(sizesTable(columns));
  io.out('\nIn characters, of keys and buckets in bytes; the inline policies of a role together.');
  const over = columns.filter(({ sizes }) => sizes.some(({ size, quota }) => size > quota));
  if (over.length > 0) io.err(`Too large (!) in ${over.map(({ heading }) => heading).join(', ')}.`);
  return over.length > 0 ? 1 : 0;
}

function ofContract({ contract }: ContractFile): readonly Column[] {
  return sizesOf(contract, thisRelease().repository).map(({ environment, sizes }) => ({
    heading: `${contract.id} ${environment}`,
    sizes,
  }));
}

function shapes(): readonly Column[] {
  return Object.entries(SHAPES).map(([heading, shape]) => {
    const provider = shape.longest ? LONGEST_PROVIDER : thisRelease().repository;
    return { heading, sizes: sizesOf(contractOfSize(shape), provider).flatMap(({ sizes }) => [...sizes]) };
  });
}
