import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { renderReport } from '@tenant-delivery/evidence/render-report';
import { verifyEvidence } from '@tenant-delivery/evidence/verify';
import { contractRecords } from '@tenant-delivery/tenancy/contract-records';
import type { Io } from '../io.ts';
import { soundContract } from './contract-files.ts';
import { PUBLISHED, publishedPlace } from './published-options.ts';
import { UsageError } from './usage-error.ts';

/** `contract history`: who asked for each serial and who agreed. `--out` writes it as `verify-evidence` reads it. */
export async function history(args: readonly string[], io: Io): Promise<number> {
  const options = { ...PUBLISHED, environment: { type: 'string' }, out: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const [file, ...more] = positionals;
  const { environment, out } = values;
  const { open, trust } = await publishedPlace(values, io);
  if (!file || more.length > 0 || !environment || !open)
    throw new UsageError('Give one contract file, --environment, and either --vault DIR or --s3.');
  const { id: tenant, account, environments } = await soundContract(file, environment, io);
  const region = environments[environment]?.region ?? '';
  const records = await contractRecords(open({ tenant, environment, account, region }), environment);
  if (records.length === 0) {
    io.out(`No contract of ${tenant} for ${environment} was published with a record.`);
    return 0;
  }
  const lines = records.map((bytes) => Buffer.from(bytes).toString()).join('\n');
  if (out !== undefined) await writeFile(resolve(io.cwd, out), lines);
  const report = verifyEvidence(lines, trust);
  io.out(renderReport(report).trimEnd());
  return report.holds ? 0 : 1;
}
