import { parseArgs } from 'node:util';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { readRecord } from '@tenant-delivery/evidence/contract-record';
import { openEnvelope } from '@tenant-delivery/evidence/dsse';
import { attribute, type RefusalCause, type TrustFile } from '@tenant-delivery/evidence/trust';
import { contractRecordKey } from '@tenant-delivery/tenancy/contract-records';
import { contractKey } from '@tenant-delivery/tenancy/derived-names';
import { failures } from '@tenant-delivery/tenancy/failures';
import { type OpenedContract, openContract } from '@tenant-delivery/tenancy/sealed-contract';
import type { Io } from '../io.ts';
import { commitWith } from './contract-commits.ts';
import { PUBLISHED, vaultOf } from './published-options.ts';
import { UsageError } from './usage-error.ts';
import { writeGiven } from './write-file.ts';

const IN_FORCE_USAGE = 'Give one contract file, --environment, --out, and either --vault DIR or --s3.';

/**
 * `contract in-force`: writes the contract that is in force to a file, as it is signed, and to `--since` the commit that has
 * it. Writes none where none is, or where its key is not trusted any more: what it says cannot be believed then.
 */
export async function inForce(args: readonly string[], io: Io): Promise<number> {
  const options = {
    ...PUBLISHED,
    environment: { type: 'string' },
    out: { type: 'string' },
    since: { type: 'string' },
  } as const;
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const { out, since } = values;
  if (!out) throw new UsageError(IN_FORCE_USAGE);
  const { file, tenant, environment, trust, vault } = await vaultOf(positionals, values, IN_FORCE_USAGE, io);
  const place = contractKey(environment);
  const stored = await vault.read(place);
  if (stored === undefined) {
    io.out(`No contract of ${tenant} for ${environment} is in force yet.`);
    return 0;
  }
  const expected = { tenant, environment, place, at: Date.now() };
  const opened = openedOrUntrusted(stored.bytes, trust, expected);
  if (opened instanceof Failure) {
    io.out(`The contract of ${tenant} for ${environment} is in force, unreadable. ${opened.message}`);
    for (const sentence of toDo(stored.bytes, trust, expected)) io.out(sentence);
    io.out('It is compared with nothing, and everybody who ever changed its file had a part in it.');
    return 0;
  }
  const { contract, digest } = opened;
  if (since !== undefined) {
    const recorded = (await vault.read(contractRecordKey(environment, contract.serial)))?.bytes;
    const read = recorded && readRecord(recorded, trust);
    const record = read && 'record' in read && read.record.contract === digest ? read.record : undefined;
    const commit =
      (record && 'run' in record ? record.run.sha : undefined) ??
      (await commitWith(file, environment, digest, io));
    if (commit === undefined)
      throw failures.contractNotApproved(tenant, [
        `no commit of ${file} has serial ${contract.serial}, which is in force: who changed it since is unknown`,
      ]);
    await writeGiven(since, `${commit}\n`, io);
  }
  await writeGiven(out, stored.bytes, io);
  io.out(`${out}: the contract of ${tenant} for ${environment} that is in force, serial ${contract.serial}.`);
  return 0;
}

function openedOrUntrusted(...given: Parameters<typeof openContract>): OpenedContract | Failure {
  try {
    return openContract(...given);
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === failures.contractUntrusted.code) return thrown;
    throw thrown;
  }
}

const TO_DO: Readonly<Record<RefusalCause, (place: string) => string>> = {
  altered: (place) =>
    `It was written by somebody who does not have the key: find out in CloudTrail who put ${place}, before anything else. An earlier version of it in the bucket is as it was signed.`,
  'unknown key': () =>
    'Its key is not in the trust file: either it was removed there, or somebody signed with a key of their own. A contract that is signed with a key of the trust file replaces it.',
  'other purpose': () =>
    'Its key is for something else. Find out who signed it; a contract that is signed with the contract key replaces it.',
  'other time': () =>
    'Its key has ended, or has not begun. A contract that is signed with a key of today replaces it.',
};

/** What each cause means, the worst first. */
function toDo(
  bytes: Uint8Array,
  trust: TrustFile,
  { place, ...speech }: Parameters<typeof openContract>[2],
): readonly string[] {
  const envelope = openEnvelope(bytes);
  const attribution = envelope && attribute(envelope, trust, { duties: ['contract'], ...speech });
  if (attribution?.kind !== 'refused') return [];
  return Object.entries(TO_DO).flatMap(([cause, say]) =>
    attribution.causes.has(cause as RefusalCause) ? [say(place)] : [],
  );
}
