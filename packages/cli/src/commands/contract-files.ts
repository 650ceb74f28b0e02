import { isUtf8 } from 'node:buffer';
import { judged } from '@tenant-delivery/action-kit/readable';
import { lintDocuments } from '@tenant-delivery/provisioning/lint-documents';
import { thisRelease } from '@tenant-delivery/release/this-release';
import { TenantContract } from '@tenant-delivery/tenancy/contract';
import { failures } from '@tenant-delivery/tenancy/failures';
import { lintContracts } from '@tenant-delivery/tenancy/lint';
import type { ContractFile } from '@tenant-delivery/tenancy/lint-uniqueness';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import type { Io } from '../io.ts';
import { readGiven } from './read-file.ts';
import { UsageError } from './usage-error.ts';

/** A contract with nothing to correct, that has this environment. */
export async function soundContract(file: string, environment: string, io: Io): Promise<TenantContract> {
  const {
    problems,
    files: [read],
  } = await judgedContracts([file], io);
  if (problems.length > 0 || read === undefined) throw failures.contractInvalid(file, problems);
  const environments = Object.keys(read.contract.environments);
  if (!environments.includes(environment)) {
    throw new UsageError(`${file} has no environment ${environment}; it has ${environments.join(', ')}.`);
  }
  return read.contract;
}

/** The contracts, and every mistake in them: of form, and of what can be read in spite of those. */
export async function judgedContracts(
  names: readonly string[],
  io: Io,
): Promise<{ readonly files: readonly ContractFile[]; readonly problems: readonly string[] }> {
  const read = await readContracts(names, io);
  const files = read.flatMap(({ contract, file }) => (contract ? [{ contract, file }] : []));
  return { files, problems: [...read.flatMap(({ problems }) => problems), ...lintWhole(files)] };
}

/** Names, agreements, and what AWS would say of the documents that a provider makes of them. */
export function lintWhole(files: readonly ContractFile[]): readonly string[] {
  const provider = thisRelease().repository;
  return [
    ...lintContracts(files, Date.now()),
    ...judged(
      ...files.map(
        ({ file, contract }) =>
          () =>
            lintDocuments(contract, provider).map((problem) => `${file}: ${problem}`),
      ),
    ),
  ];
}

export async function contractsIn(names: readonly string[], io: Io): Promise<readonly ContractFile[]> {
  const read = await readContracts(names, io);
  const [invalid = '', ...more] = read.filter((one) => one.problems.length > 0).map(({ file }) => file);
  const problems = read.flatMap((one) => one.problems);
  if (problems.length > 0)
    throw failures.contractInvalid(
      more.length > 0 ? `Each of ${[invalid, ...more].join(', ')}` : invalid,
      problems,
    );
  return read.flatMap(({ contract, file }) => (contract ? [{ contract, file }] : []));
}

interface Read {
  readonly file: string;
  /** Mistakes of form. */
  readonly problems: readonly string[];
  /** As far as it can be read. */
  readonly contract?: TenantContract;
}

/** Files that cannot be read are named together. */
async function readContracts(names: readonly string[], io: Io): Promise<readonly Read[]> {
  const read = await Promise.allSettled(names.map((file) => readContract(file, io)));
  const refused = read.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  const strange = refused.find((reason) => !(reason instanceof UsageError));
  if (strange !== undefined) throw strange;
  if (refused.length > 0) throw new UsageError(refused.map((reason) => Object(reason).message).join('\n'));
  return read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

const MOST_BYTES = 2 ** 20; // a signed contract is a part of it, and jobs read that before anything else

async function readContract(file: string, io: Io): Promise<Read> {
  const text = textIn(await readGiven(file, io));
  if (typeof text !== 'string') return { file, problems: [`${file}: ${text.problem}`] };
  const read = readYaml(text, TenantContract);
  if ('document' in read) return { file, problems: [], contract: read.document };
  const problems = read.mistakes.map((mistake) => `${file}: ${mistake}`);
  return read.readable ? { file, problems, contract: read.readable() } : { file, problems };
}

function textIn(bytes: Uint8Array): string | { readonly problem: string } {
  if (bytes.length > MOST_BYTES)
    return { problem: `has ${bytes.length} bytes; a contract has ${MOST_BYTES} at most` };
  return isUtf8(bytes) && !bytes.includes(0)
    ? new TextDecoder().decode(bytes)
    : { problem: 'is no text in UTF-8; save it in UTF-8' };
}
