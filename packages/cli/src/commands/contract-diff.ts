import { parseArgs } from 'node:util';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { CONCERNED } from '@tenant-delivery/tenancy/difference-sentences';
import { explainDifferences } from '@tenant-delivery/tenancy/explain-differences';
import type { Io } from '../io.ts';
import { accountChanges } from './account-changes.ts';
import { contractsIn } from './contract-files.ts';
import { UsageError } from './usage-error.ts';

const HEADINGS = { customer: 'For the customer:', provider: 'For the provider:' } as const;

interface Told {
  /** What changes for whom. */
  readonly lines: readonly string[];
  /** Why the new contract could not be published. */
  readonly problems: readonly string[];
}

export function toldDifferences(before: TenantContract, after: TenantContract): Told {
  const changes = explainDifferences(before, after);
  const lines = CONCERNED.flatMap((concerned) => {
    const own = changes.filter(({ concerns }) => concerns.includes(concerned));
    return own.length === 0 ? [] : [HEADINGS[concerned], ...own.map(({ sentence }) => `  ${sentence}`)];
  });
  const problems = [
    ...(before.id === after.id
      ? []
      : [`The first is the contract of ${before.id}, the second of ${after.id}.`]),
    ...(before.account === after.account ? [] : ['The account differs; a tenant keeps its account.']),
    ...(changes.length === 0 || after.serial > before.serial
      ? []
      : [
          `The serial is ${after.serial}, and was ${before.serial}. Raise it, or publishing refuses the contract.`,
        ]),
  ];
  return { lines: lines.length > 0 ? lines : [`Both contracts of ${after.id} say the same.`], problems };
}

/** `contract diff`: what a new contract changes, for whom, and in the account. Exit code 1 if it could not be published. */
export async function diff(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { account: { type: 'boolean', default: false } },
  });
  const [before, after, ...more] = await contractsIn(positionals, io);
  if (!before || !after || more.length > 0)
    throw new UsageError('Give two contract files: the one in force, then the new one.');
  const { lines, problems } = toldDifferences(before.contract, after.contract);
  for (const line of lines) io.out(line);
  if (values.account) for (const line of accountChanges(before.contract, after.contract)) io.out(line);
  for (const problem of problems) io.err(problem);
  return problems.length > 0 ? 1 : 0;
}
