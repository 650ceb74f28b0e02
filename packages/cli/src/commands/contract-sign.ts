import { parseArgs } from 'node:util';
import { ambientSigner } from '@tenant-delivery/aws/kms/ambient-signer';
import { ambientIdentity } from '@tenant-delivery/aws/session/ambient-identity';
import { canonicalJson, REGION } from '@tenant-delivery/domain';
import { sealRecord } from '@tenant-delivery/evidence/contract-record';
import { keySigner } from '@tenant-delivery/evidence/keys';
import type { Signer } from '@tenant-delivery/evidence/ports';
import { SIGNING_KEYS } from '@tenant-delivery/evidence/signature-algorithms';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { explainDifferences } from '@tenant-delivery/tenancy/explain-differences';
import { cutTo, openContract, sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { Io } from '../io.ts';
import { requestOf } from './contract-facts.ts';
import { soundContract } from './contract-files.ts';
import { readGiven, readGivenText } from './read-file.ts';
import { trustFrom } from './read-trust.ts';
import { UsageError } from './usage-error.ts';
import { writeGiven } from './write-file.ts';

const OPTIONS = {
  environment: { type: 'string' },
  key: { type: 'string' },
  kms: { type: 'string' },
  region: { type: 'string' },
  out: { type: 'string' },
  record: { type: 'string' },
  before: { type: 'string' },
  since: { type: 'string' },
  'by-hand': { type: 'string' },
  'reviewed-in': { type: 'string', default: 'contracts' },
  trust: { type: 'string' },
} as const;

/** `contract sign`: one environment of a contract, and beside it who asked for it and who agreed. */
export async function sign(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  const [file, ...more] = positionals;
  const { environment, key, kms, out, record, before, since } = values;
  if (!file || more.length > 0 || !environment || !out || (key === undefined) === (kms === undefined))
    throw new UsageError('Give one contract file, --environment, --out, and either --key or --kms.');
  const cut = cutTo(await soundContract(file, environment, io), environment);
  const signer = kms === undefined ? await signerFrom(String(key), io) : await kmsKey(kms, values.region, io);
  if (record !== undefined) {
    const byHand = values['by-hand'];
    demandOne({ before, since, byHand });
    const region = regionOf(cut, environment);
    const place = {
      file,
      environment,
      before,
      since,
      byHand,
      region,
      reviewedIn: values['reviewed-in'],
      trust: values.trust,
    };
    const sealed = await recordOf(cut, place, signer, io);
    if (sealed === 'in force') {
      io.out(
        `The contract of ${cut.id} for ${environment}, serial ${cut.serial}, is in force: nothing is signed.`,
      );
      return 0;
    }
    if (sealed !== 'replaces none') await writeGiven(record, sealed, io);
  }
  await writeGiven(out, await sealContract(cut, signer), io);
  io.out(`${out}: the contract of ${cut.id} for ${environment}, serial ${cut.serial}`);
  io.out(`  digest ${digestOf(canonicalJson(cut))}`);
  io.out(`  signed by key ${signer.keyId}`);
  return 0;
}

interface Recorded {
  readonly file: string;
  readonly environment: string;
  /** The contract in force, and the commit that has it. Absent where none is in force. */
  readonly before: string | undefined;
  readonly since: string | undefined;
  /** Why a person signs, and no job. */
  readonly byHand: string | undefined;
  readonly region: string;
  readonly reviewedIn: string;
  readonly trust: string | undefined;
}

async function recordOf(
  cut: TenantContract,
  recorded: Recorded,
  signer: Signer,
  io: Io,
): Promise<Uint8Array | 'in force' | 'replaces none'> {
  const { environment, before, trust } = recorded;
  const at = Date.now();
  const replaced =
    before === undefined
      ? undefined
      : openContract(await readGiven(before, io), await trustFrom(trust, io), {
          ...{ tenant: cut.id, environment, place: before, at },
        });
  const contract = digestOf(canonicalJson(cut));
  if (replaced?.digest === contract) return 'in force';
  const request = await whoAsked(cut, recorded, io);
  if (replaced === undefined) return 'replaces none';
  const changes = explainDifferences(replaced.contract, cut).map(({ sentence }) => sentence);
  return sealRecord(
    {
      tenant: cut.id,
      environment,
      serial: cut.serial,
      contract,
      before: { serial: replaced.contract.serial, contract: replaced.digest },
      at: new Date(at).toISOString(),
      ...request,
      changes,
    },
    signer,
  );
}

/** A person who signs by hand is known to AWS alone; who asked and agreed is known to GitHub, in a job. */
async function whoAsked(cut: TenantContract, { byHand, file, since, reviewedIn, region }: Recorded, io: Io) {
  if (byHand !== undefined) {
    const { arn } = await ambientIdentity(region);
    io.out(`  signed by hand by ${arn}: no job vouches for who asked or agreed`);
    return { schemaVersion: 2 as const, byHand: { principal: arn, reason: byHand } };
  }
  const request = await requestOf({ tenant: cut.id, file, since, environment: reviewedIn }, io);
  io.out(`  asked for by ${request.askedBy.map(({ login }) => login).join(', ')}`);
  io.out(`  approved by ${request.approvedBy.map(({ login }) => login).join(', ')}`);
  return { schemaVersion: 1 as const, ...request };
}

function demandOne({ before, since, byHand }: Partial<Pick<Recorded, 'before' | 'since' | 'byHand'>>): void {
  if (byHand !== undefined) {
    if (before === undefined || since !== undefined || byHand.trim() === '')
      throw new UsageError(
        'With --by-hand, give a reason, and with --before the contract that this one replaces; --since is for a job.',
      );
    return;
  }
  if ((before === undefined) !== (since === undefined))
    throw new UsageError(
      'Give the contract in force with --before and its commit with --since, or neither where none is in force.',
    );
}

function regionOf({ environments }: TenantContract, environment: string): string {
  return environments[environment]?.region ?? '';
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
