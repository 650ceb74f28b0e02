import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseDocument } from '@tenant-delivery/action-kit/document';
import { readReleaseFile } from '@tenant-delivery/action-kit/release-file';
import { ambientVault } from '@tenant-delivery/aws/s3/ambient-vault';
import { canonicalJson, nearest } from '@tenant-delivery/domain';
import { openEnvelope, parseJson } from '@tenant-delivery/evidence/dsse';
import { keySigner } from '@tenant-delivery/evidence/keys';
import type { Signer } from '@tenant-delivery/evidence/ports';
import { SIGNING_KEYS } from '@tenant-delivery/evidence/signature-algorithms';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
import { lintDocuments } from '@tenant-delivery/provisioning/lint-documents';
import { repositoryName } from '@tenant-delivery/release/this-repository';
import { TenantContract } from '@tenant-delivery/tenancy/contract';
import { vaultBucket } from '@tenant-delivery/tenancy/derived-names';
import { failures } from '@tenant-delivery/tenancy/failures';
import { type ContractFile, lintContracts } from '@tenant-delivery/tenancy/lint';
import { publishContract } from '@tenant-delivery/tenancy/publish';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import { cutTo, sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { directoryVault } from '@tenant-delivery/vault/directory-vault';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { Io } from '../io.ts';
import { diff } from './contract-diff.ts';
import { render } from './contract-render.ts';
import { sizes } from './contract-sizes.ts';
import { readGiven, readGivenText } from './read-file.ts';
import { readTrust, trustIn } from './read-trust.ts';
import { explain, UsageError } from './usage-error.ts';

const VERBS = ['lint', 'diff', 'sizes', 'render', 'sign', 'publish'] as const;

const USAGE = `Usage: tenant-delivery contract lint FILE…
       tenant-delivery contract diff OLD NEW
       tenant-delivery contract sizes [FILE…]
       tenant-delivery contract render FILE --environment NAME --publisher ARN… --out DIR
       tenant-delivery contract sign FILE --environment NAME --key PEMFILE --out FILE
       tenant-delivery contract publish FILE (--vault DIR | --s3) [--trust FILE]`;

/** The contract with a tenant: check it, sign it for one environment, put it in force. */
export async function contract(args: readonly string[], io: Io): Promise<number> {
  const [verb = '', ...rest] = args;
  return explain(args, io, USAGE, async () => {
    if (verb === '')
      throw new UsageError('Say what to do with the contract: lint, diff, sizes, render, sign or publish.');
    if (verb === 'lint') return lint(rest, io);
    if (verb === 'diff') return diffOf(rest, io);
    if (verb === 'sizes') return sizes(await contractsIn(rest, io), io);
    if (verb === 'render') return renderInto(rest, io);
    if (verb === 'sign') return sign(rest, io);
    if (verb === 'publish') return publish(rest, io);
    const near = nearest(verb, VERBS);
    throw new UsageError(
      `There is no contract ${JSON.stringify(verb)}${near ? `; did you mean ${near}?` : '.'}`,
    );
  });
}

async function lint(args: readonly string[], io: Io): Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
  if (positionals.length === 0) throw new UsageError('Name the contract files.');
  const read = await Promise.all(positionals.map((file) => readContract(file, io)));
  const files = read.filter((one) => 'contract' in one);
  const problems = [...read.flatMap((one) => ('problems' in one ? one.problems : [])), ...lintWhole(files)];
  for (const problem of problems) io.err(problem);
  const count = positionals.length === 1 ? 'one contract' : `${positionals.length} contracts`;
  if (problems.length > 0) io.err(`${problems.length} to correct in ${count}.`);
  else io.out(`${count}: nothing to correct.`);
  return problems.length > 0 ? 1 : 0;
}

async function diffOf(args: readonly string[], io: Io): Promise<number> {
  const contracts = await contractsIn(args, io);
  const [before, after, ...more] = contracts;
  if (!before || !after || more.length > 0)
    throw new UsageError('Give two contract files: the one in force, then the new one.');
  return diff(before.contract, after.contract, io);
}

async function sign(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { environment: { type: 'string' }, key: { type: 'string' }, out: { type: 'string' } },
  });
  const [file, ...more] = positionals;
  const { environment, key, out } = values;
  if (!file || more.length > 0 || !environment || !key || !out) {
    throw new UsageError('Give one contract file, --environment, --key and --out.');
  }
  const cut = cutTo(await soundContract(file, environment, io), environment);
  const signer = await signerFrom(key, io);
  await writeFile(resolve(io.cwd, out), await sealContract(cut, signer));
  io.out(`${out}: the contract of ${cut.id} for ${environment}, serial ${cut.serial}`);
  io.out(`  digest ${digestOf(canonicalJson(cut))}`);
  io.out(`  signed by key ${signer.keyId}`);
  return 0;
}

async function renderInto(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      environment: { type: 'string' },
      publisher: { type: 'string', multiple: true },
      out: { type: 'string' },
    },
  });
  const [file, ...more] = positionals;
  const { environment, publisher = [], out } = values;
  if (!file || more.length > 0 || !environment || publisher.length === 0 || !out) {
    throw new UsageError(
      'Give one contract file, --environment, --out, and the ARN of the role that publishes contracts as --publisher.',
    );
  }
  return render(await soundContract(file, environment, io), environment, publisher, out, io);
}

/** A contract with nothing to correct, that has this environment. */
async function soundContract(file: string, environment: string, io: Io): Promise<TenantContract> {
  const read = await readContract(file, io);
  const problems = 'problems' in read ? read.problems : lintWhole([read]);
  if ('problems' in read || problems.length > 0) throw failures.contractInvalid(file, problems);
  const environments = Object.keys(read.contract.environments);
  if (!environments.includes(environment)) {
    throw new UsageError(`${file} has no environment ${environment}; it has ${environments.join(', ')}.`);
  }
  return read.contract;
}

async function publish(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      vault: { type: 'string' },
      s3: { type: 'boolean', default: false },
      trust: { type: 'string' },
    },
  });
  const [file, ...more] = positionals;
  if (!file || more.length > 0) throw new UsageError('Give exactly one signed contract.');
  if (values.s3 === (values.vault !== undefined)) throw new UsageError('Give either --vault DIR or --s3.');
  const bytes = await readGiven(file, io);
  const { place, region } = placeOf(bytes, file);
  const trust = await trustFrom(values.trust, io);
  const vault =
    values.vault === undefined
      ? ambientVault({ ...place, region })
      : directoryVault(resolve(io.cwd, values.vault));
  const { outcome, signed } = await publishContract(vault, bytes, trust, { ...place, at: Date.now() });
  const where = values.vault ?? vaultBucket({ ...place, region });
  io.out(
    `The contract of ${place.tenant} for ${place.environment}, serial ${signed.contract.serial}: ${outcome} in ${where}.`,
  );
  return 0;
}

/** Names, agreements, and what AWS would say of the documents that a provider makes of them. */
function lintWhole(files: readonly ContractFile[]): readonly string[] {
  const provider = repositoryName();
  return [
    ...lintContracts(files, Date.now()),
    ...files.flatMap(({ file, contract }) =>
      lintDocuments(contract, provider).map((problem) => `${file}: ${problem}`),
    ),
  ];
}

async function contractsIn(args: readonly string[], io: Io): Promise<readonly ContractFile[]> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
  const read = await Promise.all(positionals.map((file) => readContract(file, io)));
  const problems = read.flatMap((one) => ('problems' in one ? one.problems : []));
  if (problems.length > 0) throw failures.contractInvalid(positionals.join(', '), problems);
  return read.filter((one) => 'contract' in one);
}

async function readContract(
  file: string,
  io: Io,
): Promise<ContractFile | { readonly problems: readonly string[] }> {
  const read = readYaml(await readGivenText(file, io), TenantContract);
  if ('document' in read) return { file, contract: read.document };
  return { problems: read.mistakes.map((mistake) => `${file}: ${mistake}`) };
}

/** Where a signed contract says that it belongs; believed only because its signature is checked next. */
function placeOf(bytes: Uint8Array, file: string) {
  const envelope = openEnvelope(bytes);
  if (!envelope)
    throw failures.contractUnsigned(
      file,
      'is not a signed envelope; run `tenant-delivery contract sign` first',
    );
  const said = parseDocument(TenantContract, parseJson(envelope.payload));
  const [environment] = 'document' in said ? Object.entries(said.document.environments) : [];
  if ('mistakes' in said || !environment)
    throw failures.contractInvalid(file, ['it carries no contract for an environment']);
  const { id: tenant, account } = said.document;
  return { place: { tenant, account, environment: environment[0] }, region: environment[1].region };
}

async function signerFrom(file: string, io: Io): Promise<Signer> {
  const pem = await readGivenText(file, io);
  try {
    return keySigner(pem, 'contract');
  } catch {
    throw new UsageError(`${file} is not the PEM of the private half of ${SIGNING_KEYS}.`); // what node says could quote the key
  }
}

/** The keys that publishing trusts: those of a file, or of this release. */
async function trustFrom(file: string | undefined, io: Io): Promise<TrustFile> {
  if (file !== undefined) return readTrust(file, io);
  return trustIn('trust/provider.json', readReleaseFile('trust/provider.json') ?? '');
}
