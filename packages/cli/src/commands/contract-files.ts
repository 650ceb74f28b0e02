import { lintDocuments } from '@tenant-delivery/provisioning/lint-documents';
import { thisRelease } from '@tenant-delivery/release/this-release';
import { TenantContract } from '@tenant-delivery/tenancy/contract';
import { failures } from '@tenant-delivery/tenancy/failures';
import { lintContracts } from '@tenant-delivery/tenancy/lint';
import type { ContractFile } from '@tenant-delivery/tenancy/lint-uniqueness';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import type { Io } from '../io.ts';
import { readGivenText } from './read-file.ts';
import { UsageError } from './usage-error.ts';

/** A contract with nothing to correct, that has this environment. */
export async function soundContract(file: string, environment: string, io: Io): Promise<TenantContract> {
  const read = await readContract(file, io);
  const problems = 'problems' in read ? read.problems : lintWhole([read]);
  if ('problems' in read || problems.length > 0) throw failures.contractInvalid(file, problems);
  const environments = Object.keys(read.contract.environments);
  if (!environments.includes(environment)) {
    throw new UsageError(`${file} has no environment ${environment}; it has ${environments.join(', ')}.`);
  }
  return read.contract;
}

/** Names, agreements, and what AWS would say of the documents that a provider makes of them. */
export function lintWhole(files: readonly ContractFile[]): readonly string[] {
  const provider = thisRelease().repository;
  return [
    ...lintContracts(files, Date.now()),
    ...files.flatMap(({ file, contract }) =>
      lintDocuments(contract, provider).map((problem) => `${file}: ${problem}`),
    ),
  ];
}

export async function contractsIn(names: readonly string[], io: Io): Promise<readonly ContractFile[]> {
  const read = await Promise.all(names.map((file) => readContract(file, io)));
  const problems = read.flatMap((one) => ('problems' in one ? one.problems : []));
  if (problems.length > 0) throw failures.contractInvalid(names.join(', '), problems);
  return read.filter((one) => 'contract' in one);
}

export async function readContract(
  file: string,
  io: Io,
): Promise<ContractFile | { readonly problems: readonly string[] }> {
  const read = readYaml(await readGivenText(file, io), TenantContract);
  if ('document' in read) return { file, contract: read.document };
  return { problems: read.mistakes.map((mistake) => `${file}: ${mistake}`) };
}
