import { parseArgs } from 'node:util';
import { notSetUp } from '@tenant-delivery/release/obstacles';
import { readProvider, setOwner } from '@tenant-delivery/release/set-owner';
import { root } from '@tenant-delivery/release/this-repository';
import type { Io } from '../io.ts';
import { explain, UsageError } from './usage-error.ts';

const USAGE = `Usage: tenant-delivery init --owner OWNER/REPO
  --owner OWNER/REPO  this copy's own repository on GitHub, such as initech/tenant-delivery`;

/** What only a person can do, at GitHub. Each has its section in docs/releasing.md. */
const AT_GITHUB = [
  'environment "release" with reviewers, for the branch main alone',
  'ruleset for tags v*.*.*: no update, no deletion, nobody bypasses it',
  'ruleset for branches releases/v*: no force push, no deletion',
  'ruleset for main: pull requests with a review by a code owner, no force push',
  'immutable releases switched on',
  'Actions may create pull requests, and the token of a workflow reads only unless a job says otherwise',
];

/** Makes this copy of the repository a provider's own. */
export async function init(args: readonly string[], io: Io): Promise<number> {
  return explain(args, io, USAGE, async () => {
    const { values } = parseArgs({ args: [...args], options: { owner: { type: 'string' } } });
    if (values.owner === undefined) throw new UsageError('Say whose copy this is: --owner OWNER/REPO.');
    const provider = readProvider(values.owner);
    if (typeof provider === 'string') throw new UsageError(provider);
    const changed = setOwner(root, provider);
    if (typeof changed === 'string') {
      io.err(changed);
      return 1;
    }
    const { owner, name } = provider;
    io.out(
      changed.length > 0
        ? `${owner}/${name} is in ${changed.length} files now. Look at them with git diff, and commit them.`
        : `This copy is ${owner}/${name} already. Nothing was changed.`,
    );
    io.out('Left to do before the first release, in this order; docs/releasing.md explains each:');
    for (const missing of notSetUp()) io.out(`  - ${missing}`);
    io.out(`  - the teams @${owner}/delivery and @${owner}/security of CODEOWNERS, with write access`);
    io.out(
      `  - in templates/operations-repo, the contracts of your tenants, and the ids that GitHub gives to ${owner} and ${owner}/tenant-operations`,
    );
    for (const each of AT_GITHUB) io.out(`  - ${each}`);
    return 0;
  });
}
