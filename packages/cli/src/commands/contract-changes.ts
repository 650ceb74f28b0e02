import { parseArgs } from 'node:util';
import { code, fenced } from '@tenant-delivery/action-kit/markdown';
import { TenantContract } from '@tenant-delivery/tenancy/contract';
import { lintContracts } from '@tenant-delivery/tenancy/lint';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import type { Io } from '../io.ts';
import { accountChanges } from './account-changes.ts';
import { type Base, baseOf, changedSince, fileAt } from './changed-contracts.ts';
import { toldDifferences } from './contract-diff.ts';
import { type Git, gitIn } from './git.ts';
import { UsageError } from './usage-error.ts';

/** What changed in one file, and why it may not be published. */
interface Told {
  readonly lines: readonly string[];
  readonly problems?: readonly string[];
}

/**
 * `contract changes`: what changes for whom and in the account, for each contract of a folder that changed, in Markdown for
 * a summary. Exit code 1 when one of them could not be published.
 */
export async function changes(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { since: { type: 'string' } },
  });
  const [folder, ...more] = positionals;
  if (!folder || more.length > 0) throw new UsageError('Name the folder of the contracts.');
  const git = gitIn(folder, io);
  await git('rev-parse', '--git-dir').catch(() => {
    throw new UsageError(`${folder} is no folder of a git repository.`);
  });
  const base = values.since === undefined ? await baseOf(git, io) : await named(values.since, git);
  const changed = await changedSince(base, git);
  io.out(base.sentence);
  if (changed.length === 0) io.out('No contract changed.');
  let refused = false;
  for (const name of changed) {
    const { lines, problems = [] } = /^[^/]+\.yaml$/.test(name)
      ? toldChange(await fileAt(git, base.commit, name), await fileAt(git, 'HEAD', name))
      : toldOther(name);
    io.out(
      `\n### ${code(name)}\n\n${fenced('text', [...lines, ...problems.map((problem) => `Refused: ${problem}`)])}`,
    );
    refused ||= problems.length > 0;
  }
  return refused ? 1 : 0;
}

async function named(since: string, git: Git): Promise<Base> {
  const commit = await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${since}^{commit}`).catch(
    () => {
      throw new UsageError(`There is no commit ${since} here.`);
    },
  );
  return { commit: commit.trim(), sentence: `Compared with ${commit.slice(0, 8)}.` };
}

function toldChange(before: string | undefined, after: string | undefined): Told {
  if (after === undefined) return { lines: ['It is gone. What is published of it stays in force.'] };
  const read = readYaml(after, TenantContract);
  if ('mistakes' in read) return { lines: [], problems: read.mistakes };
  if (before === undefined) {
    const lines = ['It is compared with nothing: read it whole.'];
    return { lines: [...lines, ...inTheAccount(undefined, read.document)] };
  }
  const was = readYaml(before, TenantContract);
  if ('mistakes' in was)
    return {
      lines: ['This release does not read what it was before. It is compared with nothing: read it whole.'],
    };
  const { lines, problems } = toldDifferences(was.document, read.document);
  return { problems, lines: [...lines, ...inTheAccount(was.document, read.document)] };
}

/** A contract that ended is compared too: what comes may be its renewal. */
function inTheAccount(before: TenantContract | undefined, after: TenantContract): readonly string[] {
  const unsound = [before, after].some(
    (contract) => contract !== undefined && lintContracts([{ file: '', contract }], 0).length > 0,
  );
  return unsound
    ? ['In the account: not compared, because `contract lint` finds something to correct before or after.']
    : accountChanges(before, after);
}

/** The commands after this one take `*.yaml` of the folder, and nothing else. */
function toldOther(name: string): Told {
  return /\.ya?ml$/i.test(name)
    ? {
        lines: [],
        problems: ['No contract here is signed under this name. Name it NAME.yaml, in the folder itself.'],
      }
    : { lines: ['It is no contract.'] };
}
