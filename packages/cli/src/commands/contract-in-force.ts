import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readRecord } from '@tenant-delivery/evidence/contract-record';
import { contractRecordKey } from '@tenant-delivery/tenancy/contract-records';
import { contractKey } from '@tenant-delivery/tenancy/derived-names';
import { failures } from '@tenant-delivery/tenancy/failures';
import { openContract } from '@tenant-delivery/tenancy/sealed-contract';
import type { Io } from '../io.ts';
import { commitWith } from './contract-commits.ts';
import { soundContract } from './contract-files.ts';
import { PUBLISHED, publishedPlace } from './published-options.ts';
import { UsageError } from './usage-error.ts';

/**
 * `contract in-force`: writes the contract that is in force to a file, as it is signed, and to `--since` the commit that has
 * it. Writes none where none is.
 */
export async function inForce(args: readonly string[], io: Io): Promise<number> {
  const options = {
    ...PUBLISHED,
    environment: { type: 'string' },
    out: { type: 'string' },
    since: { type: 'string' },
  } as const;
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const [file, ...more] = positionals;
  const { environment, out, since } = values;
  const { open, trust } = await publishedPlace(values, io);
  if (!file || more.length > 0 || !environment || !out || !open)
    throw new UsageError('Give one contract file, --environment, --out, and either --vault DIR or --s3.');
  const { id: tenant, account, environments } = await soundContract(file, environment, io);
  const region = environments[environment]?.region ?? '';
  const place = contractKey(environment);
  const vault = open({ tenant, environment, account, region });
  const stored = await vault.read(place);
  if (stored === undefined) {
    io.out(`No contract of ${tenant} for ${environment} is in force yet.`);
    return 0;
  }
  const { contract, digest } = openContract(stored.bytes, trust, {
    tenant,
    environment,
    place,
    at: Date.now(),
  });
  if (since !== undefined) {
    const recorded = (await vault.read(contractRecordKey(environment, contract.serial)))?.bytes;
    const read = recorded && readRecord(recorded, trust);
    const record = read && 'record' in read && read.record.contract === digest ? read.record : undefined;
    const commit = record?.run.sha ?? (await commitWith(file, environment, digest, io));
    if (commit === undefined)
      throw failures.contractNotApproved(tenant, [
        `no commit of ${file} has serial ${contract.serial}, which is in force: who changed it since is unknown`,
      ]);
    await writeFile(resolve(io.cwd, since), `${commit}\n`);
  }
  await writeFile(resolve(io.cwd, out), stored.bytes);
  io.out(`${out}: the contract of ${tenant} for ${environment} that is in force, serial ${contract.serial}.`);
  return 0;
}
