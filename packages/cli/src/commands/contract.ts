import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseDocument } from '@tenant-delivery/action-kit/document';
import { ambientSigner } from '@tenant-delivery/aws/kms/ambient-signer';
import { canonicalJson, nearest, REGION } from '@tenant-delivery/domain';
import { openEnvelope, parseJson } from '@tenant-delivery/evidence/dsse';
import { keySigner } from '@tenant-delivery/evidence/keys';
import type { Signer } from '@tenant-delivery/evidence/ports';
import { SIGNING_KEYS } from '@tenant-delivery/evidence/signature-algorithms';
import { TenantContract } from '@tenant-delivery/tenancy/contract';
import { vaultBucket } from '@tenant-delivery/tenancy/derived-names';
import { failures } from '@tenant-delivery/tenancy/failures';
import { publishContract } from '@tenant-delivery/tenancy/publish';
import { cutTo, sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { Io } from '../io.ts';
import { complete } from './contract-complete.ts';
import { diff } from './contract-diff.ts';
import { contractsIn, lintWhole, readContract, soundContract } from './contract-files.ts';
import { initContract } from './contract-init.ts';
import { matrix } from './contract-matrix.ts';
import { render } from './contract-render.ts';
import { sizes } from './contract-sizes.ts';
import { status } from './contract-status.ts';
import { PUBLISHED, publishedPlace } from './published-options.ts';
import { readGiven, readGivenText } from './read-file.ts';

import { explain, UsageError } from './usage-error.ts';

const VERBS = [
  'init',
  'lint',
  'status',
  'diff',
  'sizes',
  'matrix',
  'render',
  'complete',
  'sign',
  'publish',
] as const;

const USAGE = `Usage: tenant-delivery contract init FILE [--tenant NAME] [--account NUMBER] … (asks for the rest at a terminal)
       tenant-delivery contract lint FILE…
       tenant-delivery contract status FILE… [--vault DIR | --s3] [--trust FILE]
       tenant-delivery contract diff OLD NEW
       tenant-delivery contract sizes [FILE…]
       tenant-delivery contract matrix FILE… (--of KIND | --workflows DIR [--check])
       tenant-delivery contract render FILE --environment NAME [--publisher ARN…] --out DIR
       tenant-delivery contract complete FILE --environment NAME [--trust FILE]
       tenant-delivery contract sign FILE --environment NAME (--key PEMFILE | --kms ALIAS [--region REGION]) --out FILE
       tenant-delivery contract publish FILE (--vault DIR | --s3) [--trust FILE]`;

/** The contract with a tenant: check it, sign it for one environment, put it in force. */
export async function contract(args: readonly string[], io: Io): Promise<number> {
  const [verb = '', ...rest] = args;
  return explain(args, io, USAGE, async () => {
    if (verb === '')
      throw new UsageError(
        'Say what to do with the contract: init, lint, status, diff, sizes, matrix, render, complete, sign or publish.',
      );
    if (verb === 'init') return initContract(rest, io);
    if (verb === 'lint') return lint(rest, io);
    if (verb === 'status') return status(rest, io);
    if (verb === 'diff') return diff(rest, io);
    if (verb === 'sizes') return sizes(await contractsIn(filesIn(rest), io), io);
    if (verb === 'render') return renderInto(rest, io);
    if (verb === 'matrix') return matrix(rest, io);
    if (verb === 'complete') return complete(rest, io);
    if (verb === 'sign') return sign(rest, io);
    if (verb === 'publish') return publish(rest, io);
    const near = nearest(verb, VERBS);
    throw new UsageError(
      `There is no contract ${JSON.stringify(verb)}${near ? `; did you mean ${near}?` : '.'}`,
    );
  });
}

function filesIn(args: readonly string[]): readonly string[] {
  return parseArgs({ args: [...args], allowPositionals: true, options: {} }).positionals;
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

async function sign(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      environment: { type: 'string' },
      key: { type: 'string' },
      kms: { type: 'string' },
      region: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const [file, ...more] = positionals;
  const { environment, key, kms, out } = values;
  if (!file || more.length > 0 || !environment || !out || (key === undefined) === (kms === undefined)) {
    throw new UsageError('Give one contract file, --environment, --out, and either --key or --kms.');
  }
  const cut = cutTo(await soundContract(file, environment, io), environment);
  const signer = kms === undefined ? await signerFrom(String(key), io) : await kmsKey(kms, values.region, io);
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
  if (!file || more.length > 0 || !environment || !out)
    throw new UsageError('Give one contract file, --environment and --out.');
  const contract = await soundContract(file, environment, io);
  const publishers = publisher.length > 0 ? publisher : (contract.publishers ?? []);
  if (publishers.length === 0)
    throw new UsageError(
      `Nobody could publish contracts into the vault: name the role in \`publishers\` in ${file}, or by its ARN as --publisher.`,
    );
  return render(contract, environment, publishers, out, io);
}

async function publish(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: PUBLISHED,
  });
  const [file, ...more] = positionals;
  if (!file || more.length > 0) throw new UsageError('Give exactly one signed contract.');
  const { open, trust } = await publishedPlace(values, io);
  if (!open) throw new UsageError('Give either --vault DIR or --s3.');
  const bytes = await readGiven(file, io);
  const { place, region } = placeOf(bytes, file);
  const vault = open({ ...place, region });
  const { outcome, signed } = await publishContract(vault, bytes, trust, { ...place, at: Date.now() });
  const where = values.vault ?? vaultBucket({ ...place, region });
  io.out(
    `The contract of ${place.tenant} for ${place.environment}, serial ${signed.contract.serial}: ${outcome} in ${where}.`,
  );
  return 0;
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

/** A key of KMS, in the region of its ARN, of --region or of the terminal's environment. */
function kmsKey(key: string, given: string | undefined, { env }: Io): Promise<Signer> {
  const region = given ?? /^arn:[^:]+:kms:([^:]+):/.exec(key)?.[1] ?? env['AWS_REGION'];
  if (region === undefined || !REGION.test(region))
    throw new UsageError('Say with --region in which region the key is.');
  return ambientSigner(key, region, 'contract');
}

async function signerFrom(file: string, io: Io): Promise<Signer> {
  const pem = await readGivenText(file, io);
  try {
    return keySigner(pem, 'contract');
  } catch {
    throw new UsageError(`${file} is not the PEM of the private half of ${SIGNING_KEYS}.`); // what node says could quote the key
  }
}
