import { parseArgs } from 'node:util';
import { readContractKeys } from '@tenant-delivery/evidence/contract-keys';
import { type ContractRecord, readRecord } from '@tenant-delivery/evidence/contract-record';
import { renderReport } from '@tenant-delivery/evidence/render-report';
import { verifyEvidence } from '@tenant-delivery/evidence/verify';
import { contractRecords } from '@tenant-delivery/tenancy/contract-records';
import { contractKey } from '@tenant-delivery/tenancy/derived-names';
import type { Io } from '../io.ts';
import { PUBLISHED, vaultOf } from './published-options.ts';
import { writeGiven } from './write-file.ts';

/** `contract history`: who asked for each serial and who agreed. `--out` writes it as `verify-evidence` reads it. */
export async function history(args: readonly string[], io: Io): Promise<number> {
  const options = { ...PUBLISHED, environment: { type: 'string' }, out: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const usage = 'Give one contract file, --environment, and either --vault DIR or --s3.';
  const { tenant, environment, trust, vault } = await vaultOf(positionals, values, usage, io);
  const { out } = values;
  const [records, stored] = await Promise.all([
    contractRecords(vault, environment),
    vault.read(contractKey(environment)),
  ]);
  if (records.length === 0) {
    io.out(`No contract of ${tenant} for ${environment} was published with a record.`);
    return 0;
  }
  const lines = records.map((bytes) => Buffer.from(bytes).toString()).join('\n');
  if (out !== undefined) await writeGiven(out, lines, io);
  const verified = verifyEvidence(lines, trust);
  const told = records
    .map((bytes) => readRecord(bytes, trust))
    .flatMap((one) => ('record' in one ? one.record : []));
  const problems = judgeInForce(told.at(-1), stored && readContractKeys(stored.bytes, trust));
  const report = {
    ...verified,
    holds: verified.holds && problems.length === 0,
    problems: [...verified.problems, ...problems],
  };
  const [first] = told;
  if (first)
    io.out(`The records begin with serial ${first.serial}, which replaced serial ${first.before.serial}.`);
  io.out(renderReport(report).trimEnd());
  return report.holds ? 0 : 1;
}

/** A contract that was published by hand may have no record: the last one is then of another contract. */
function judgeInForce(
  last: Pick<ContractRecord, 'serial' | 'contract'> | undefined,
  inForce: ReturnType<typeof readContractKeys> | undefined,
): readonly string[] {
  if (inForce === undefined) return ['no contract is in force'];
  if ('problems' in inForce) return inForce.problems.map((problem) => `the contract in force ${problem}`);
  const { serial, digest, environment } = inForce.contract;
  if (last?.contract === digest) return [];
  const gap = `serial ${serial} is in force, and the last record is of serial ${last?.serial}`;
  if (last !== undefined && serial <= last.serial)
    return [
      `${gap}: somebody has put another contract back without a record. Find out who in CloudTrail, and publish the newest one again`,
    ];
  return [
    `${gap}: it was published by hand and without a record. Give it one: take the version of ${contractKey(environment)} before it from the bucket, then \`contract sign … --before THAT --record RECORD --by-hand REASON --out SIGNED\` and \`contract publish SIGNED --record RECORD\``,
  ];
}
