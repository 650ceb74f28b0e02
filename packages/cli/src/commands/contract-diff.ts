import { parseArgs } from 'node:util';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { CONCERNED, explainDifferences } from '@tenant-delivery/tenancy/explain-differences';
import type { Io } from '../io.ts';
import { contractsIn } from './contract-files.ts';
import { UsageError } from './usage-error.ts';

const HEADINGS = { customer: 'For the customer:', provider: 'For the provider:' } as const;

/** Exit code 1 when the new contract could not be published. */
function tell(before: TenantContract, after: TenantContract, io: Io): number {
  const changes = explainDifferences(before, after);
  if (changes.length === 0) io.out(`Both contracts of ${after.id} say the same.`);
  for (const concerned of CONCERNED) {
    const own = changes.filter(({ concerns }) => concerns.includes(concerned));
    if (own.length === 0) continue;
    io.out(HEADINGS[concerned]);
    for (const { sentence } of own) io.out(`  ${sentence}`);
  }
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
  for (const problem of problems) io.err(problem);
  return problems.length > 0 ? 1 : 0;
}

/** `contract diff`: what a new contract changes, and for whom. */
export async function diff(args: readonly string[], io: Io): Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
  const [before, after, ...more] = await contractsIn(positionals, io);
  if (!before || !after || more.length > 0)
    throw new UsageError('Give two contract files: the one in force, then the new one.');
  return tell(before.contract, after.contract, io);
}
