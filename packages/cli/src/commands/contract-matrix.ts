import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { type ContractRow, ROWS, rowsOf } from '@tenant-delivery/tenancy/contract-rows';
import type { Io } from '../io.ts';
import { contractsIn } from './contract-files.ts';
import { UsageError } from './usage-error.ts';

const MOST_JOBS = 256; // of one matrix ("Running variations of jobs in a workflow", GitHub's documentation)

const LIST = /^( *)include: # each of: (.+)\n(?: *- \{.*\}\n)*/gm;
const CONDITION = /^( *if: \$\{\{ .+ && )(?:true|false)( \}\} # if there are (.+))$/gm;
const CHOICE = /^( *)options: \[.*\] # every tenant$/gm;

/**
 * `contract matrix`: the jobs that the contracts ask for, as JSON for `fromJSON`, or written into workflows. GitHub reads
 * the choices of a form and the schedule of a workflow from the file alone, so that no job could compute them.
 */
export async function matrix(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      of: { type: 'string' },
      workflows: { type: 'string' },
      check: { type: 'boolean', default: false },
    },
  });
  if (positionals.length === 0) throw new UsageError('Name the contract files.');
  const { of, workflows, check } = values;
  if ((of === undefined) === (workflows === undefined))
    throw new UsageError('Give either --of for a matrix in JSON, or --workflows for a folder of workflows.');
  const contracts = (await contractsIn(positionals, io)).map(({ contract }) => contract);
  if (workflows !== undefined) return update(resolve(io.cwd, workflows), contracts, check, io);
  io.out(JSON.stringify({ include: jobsOf(contracts, String(of)) }));
  return 0;
}

/** Fills the matrix of a job whose `if` skips it: GitHub accepts no empty one. */
const NONE: ContractRow = { tenant: 'none', environment: 'none', account: '0', region: 'none' };

function jobsOf(contracts: readonly TenantContract[], kind: string): readonly ContractRow[] {
  const rows = known(contracts, kind);
  if (rows.length === 0) throw new UsageError(`The contracts have no ${kind}, and a matrix needs one job.`);
  if (rows.length > MOST_JOBS)
    throw new UsageError(`The contracts have ${rows.length} ${kind}; a matrix may have ${MOST_JOBS} jobs.`);
  return rows;
}

function known(contracts: readonly TenantContract[], kind: string): readonly ContractRow[] {
  if (!ROWS.includes(kind))
    throw new UsageError(`There are no ${JSON.stringify(kind)} in a contract; there are ${ROWS.join(', ')}.`);
  return rowsOf(contracts, kind);
}

/** Nothing is written unless every workflow can be. */
function update(folder: string, contracts: readonly TenantContract[], check: boolean, io: Io): number {
  const files = workflowsIn(folder);
  const stale = files.flatMap((file) => {
    const before = readFileSync(join(folder, file), 'utf8');
    const after = written(before, contracts);
    return after === before ? [] : [{ file, after }];
  });
  if (!check) for (const { file, after } of stale) writeFileSync(join(folder, file), after);
  for (const { file } of stale)
    io.out(check ? `${file} does not have what the contracts say.` : `${file}: written.`);
  if (stale.length === 0) io.out(`${files.length} workflows have what the contracts say.`);
  else if (check) io.err('Run the same command without --check, and commit what it writes.');
  return check && stale.length > 0 ? 1 : 0;
}

function workflowsIn(folder: string): readonly string[] {
  const files = existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : [];
  const workflows = files.filter((file) => /\.ya?ml$/.test(file));
  if (workflows.length === 0)
    throw new UsageError(`${folder} is no folder of workflows: it has no file NAME.yml.`);
  return workflows;
}

function written(workflow: string, contracts: readonly TenantContract[]): string {
  const tenants = contracts.map(({ id }) => id).toSorted();
  const conditions = [...workflow.matchAll(CONDITION)].map(([, , , kind = '']) => kind);
  const skipped = new Set(conditions.filter((kind) => known(contracts, kind).length === 0));
  return workflow
    .replace(
      CONDITION,
      (_, before: string, after: string, kind: string) => `${before}${!skipped.has(kind)}${after}`,
    )
    .replace(CHOICE, (_, indent: string) => `${indent}options: [${tenants.join(', ')}] # every tenant`)
    .replace(LIST, (_, indent: string, kind: string) =>
      [
        `${indent}include: # each of: ${kind}`,
        ...(skipped.has(kind) ? [NONE] : jobsOf(contracts, kind)).map((row) => `${indent}  - ${lineOf(row)}`),
        '',
      ].join('\n'),
    );
}

/** On one line, with the account in quotes: it may begin with a zero. */
function lineOf({ account, ...row }: ContractRow): string {
  const { tenant, environment, region, ...more } = row;
  const members = Object.entries({ tenant, environment, account: `"${account}"`, region, ...more });
  return `{ ${members.map(([name, value]) => `${name}: ${value}`).join(', ')} }`;
}
