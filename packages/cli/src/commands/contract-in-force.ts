import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { contractKey } from '@tenant-delivery/tenancy/derived-names';
import { openContract } from '@tenant-delivery/tenancy/sealed-contract';
import type { Io } from '../io.ts';
import { soundContract } from './contract-files.ts';
import { PUBLISHED, publishedPlace } from './published-options.ts';
import { UsageError } from './usage-error.ts';

/** `contract in-force`: writes the contract that is in force to a file, as it is signed. Writes none where none is. */
export async function inForce(args: readonly string[], io: Io): Promise<number> {
  const options = { ...PUBLISHED, environment: { type: 'string' }, out: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const [file, ...more] = positionals;
  const { environment, out } = values;
  const { open, trust } = await publishedPlace(values, io);
  if (!file || more.length > 0 || !environment || !out || !open)
    throw new UsageError('Give one contract file, --environment, --out, and either --vault DIR or --s3.');
  const { id: tenant, account, environments } = await soundContract(file, environment, io);
  const region = environments[environment]?.region ?? '';
  const place = contractKey(environment);
  const stored = await open({ tenant, environment, account, region }).read(place);
  if (stored === undefined) {
    io.out(`No contract of ${tenant} for ${environment} is in force yet.`);
    return 0;
  }
  const { contract } = openContract(stored.bytes, trust, { tenant, environment, place, at: Date.now() });
  await writeFile(resolve(io.cwd, out), stored.bytes);
  io.out(`${out}: the contract of ${tenant} for ${environment} that is in force, serial ${contract.serial}.`);
  return 0;
}
