import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMistake, parseDocument } from '@tenant-delivery/action-kit';
import { readReleaseFile } from '@tenant-delivery/action-kit/release-file';
import { ambientVault } from '@tenant-delivery/aws/ambient-vault';
import { canonicalJson, nearest } from '@tenant-delivery/domain';
import {
  keySigner,
  openEnvelope,
  parseJson,
  parseTrust,
  type Signer,
  type TrustFile,
} from '@tenant-delivery/evidence';
import {
  type ContractFile,
  cutTo,
  failures,
  lintContracts,
  publishContract,
  sealContract,
  TenantContract,
  vaultBucket,
} from '@tenant-delivery/tenancy';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import { digestOf, directoryVault } from '@tenant-delivery/vault';
import type { Io } from '../io.ts';
import { explain, UsageError } from './usage-error.ts';

const USAGE = `Usage: tenant-delivery contract lint FILE…
       tenant-delivery contract sign FILE --environment NAME --key PEMFILE --out FILE
       tenant-delivery contract publish FILE (--vault DIR | --s3) [--trust FILE]`;

/** The contract with a tenant: check it, sign it for one environment, put it in force. */
export async function contract(args: readonly string[], io: Io): Promise<number> {
  const [verb = '', ...rest] = args;
  return explain(io, USAGE, async () => {
    if (verb === 'lint') return lint(rest, io);
    if (verb === 'sign') return sign(rest, io);
    if (verb === 'publish') return publish(rest, io);
    const near = nearest(verb, ['lint', 'sign', 'publish']);
    throw new UsageError(
      `contract has no verb ${JSON.stringify(verb)}${near ? `; did you mean ${near}?` : '.'}`,
    );
  });
}

async function lint(args: readonly string[], io: Io): Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
  if (positionals.length === 0) throw new UsageError('name the contract files');
  const read = await Promise.all(positionals.map((file) => readContract(file, io)));
  const files = read.filter((one) => 'contract' in one);
  const problems = [
    ...read.flatMap((one) => ('problems' in one ? one.problems : [])),
    ...lintContracts(files, Date.now()),
  ];
  for (const problem of problems) io.err(problem);
  const count = positionals.length === 1 ? 'one contract' : `${positionals.length} contracts`;
  if (problems.length > 0) io.err(`${problems.length} to correct in ${count}.`);
  else io.out(`${count}: nothing to correct.`);
  return problems.length > 0 ? 1 : 0;
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
    throw new UsageError('give one contract file, --environment, --key and --out');
  }
  const read = await readContract(file, io);
  const problems = 'problems' in read ? read.problems : lintContracts([read], Date.now());
  if ('problems' in read || problems.length > 0) throw failures.contractInvalid(file, problems);
  const environments = Object.keys(read.contract.environments);
  if (!environments.includes(environment)) {
    throw new UsageError(`${file} has no environment ${environment}; it has ${environments.join(', ')}`);
  }
  const cut = cutTo(read.contract, environment);
  const signer = await signerFrom(resolve(io.cwd, key));
  await writeFile(resolve(io.cwd, out), await sealContract(cut, signer));
  io.out(`${out}: the contract of ${cut.id} for ${environment}, serial ${cut.serial}`);
  io.out(`  digest ${digestOf(canonicalJson(cut))}`);
  io.out(`  signed by key ${signer.keyId}`);
  return 0;
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
  if (!file || more.length > 0) throw new UsageError('give exactly one signed contract');
  if (values.s3 === (values.vault !== undefined)) throw new UsageError('give either --vault DIR or --s3');
  const bytes = await readFile(resolve(io.cwd, file));
  const { place, region } = placeOf(bytes, file);
  const trust = await trustFrom(values.trust === undefined ? undefined : resolve(io.cwd, values.trust));
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

async function readContract(
  file: string,
  io: Io,
): Promise<ContractFile | { readonly problems: readonly string[] }> {
  const text = await readFile(resolve(io.cwd, file), 'utf8').catch((cause: unknown) => {
    throw new UsageError(
      `${file} cannot be read (${cause instanceof Error ? cause.message : String(cause)})`,
    );
  });
  const read = readYaml(text, TenantContract);
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

async function signerFrom(file: string): Promise<Signer> {
  const pem = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(
      `${file} cannot be read (${cause instanceof Error ? cause.message : String(cause)})`,
    );
  });
  try {
    return keySigner(pem, 'contract');
  } catch {
    throw new UsageError(`${file} is not the PEM of a private ECDSA key on P-256`); // what node says could quote the key
  }
}

async function trustFrom(file: string | undefined): Promise<TrustFile> {
  const text = file === undefined ? readReleaseFile('trust/provider.json') : await readFile(file, 'utf8');
  const parsed = parseTrust(parseJson(text ?? ''));
  if ('trust' in parsed) return parsed.trust;
  const name = file ?? 'trust/provider.json';
  throw new UsageError(`${name} is not a trust file: ${parsed.mistakes.map(describeMistake).join('; ')}`);
}
