import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gitText } from '../../git/git.ts';
import { resolveRef } from '../files/at-commit.ts';
import type { Host, Permissions } from '../ports.ts';
import type { Checkout } from './job-state.ts';

/** The commit that the run is about. */
export interface CheckedRun {
  readonly repository: string;
  readonly ref: string;
  readonly sha: string;
  readonly permissions: Permissions;
  /** Of the job: reads the run's repository and no other private one. */
  readonly githubToken: string;
}

/** Fetches from the repository on disk, and leaves a working copy that looks as if it came from the server. */
export function checkoutFrom(host: Host, run: CheckedRun): Checkout {
  return async ({ repository: name, ref, folder, depth, token, persistCredentials }) => {
    const repository = host.repository(name);
    const own = repository?.fullName === host.repository(run.repository)?.fullName;
    const mayRead = own ? (run.permissions['contents'] ?? 'none') !== 'none' : token !== run.githubToken;
    if (!repository || (repository.visibility !== 'public' && !mayRead)) {
      throw new Error(`Not Found: the repository ${name}, or a token with contents: read for it.`);
    }
    const wanted = ref || (own ? run.sha : repository.defaultBranch);
    const found = await resolveRef(repository.path, wanted);
    if (!found) throw new Error(`A branch or tag with the name '${wanted}' could not be found`);
    const named = ref === '' && own ? run.ref : found.ref;
    const branch = named.startsWith('refs/heads/') ? named.slice('refs/heads/'.length) : undefined;
    await mkdir(folder, { recursive: true });
    const inside = (...args: readonly string[]) => gitText(folder, args);
    const url = `${host.serverUrl}/${repository.fullName}`;
    await inside('init', '--quiet', ...(branch === undefined ? [] : ['--initial-branch', branch]));
    const limit = depth > 0 ? [`--depth=${depth}`] : ['--tags'];
    const into = branch === undefined ? [] : [`+${found.sha}:refs/remotes/origin/${branch}`];
    await inside(
      'fetch',
      '--quiet',
      '--no-recurse-submodules',
      ...limit,
      `file://${repository.path}`,
      found.sha,
      ...into,
    );
    const head = branch === undefined ? ['--detach', found.sha] : ['-B', branch, found.sha];
    await inside('checkout', '--quiet', '--force', ...head);
    const header = `http.${host.serverUrl}/.extraheader`;
    const credentials = persistCredentials ? tokenFor(host.serverUrl, token) : '';
    await appendFile(
      join(folder, '.git', 'config'),
      `[remote "origin"]\n\turl = ${url}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n${credentials}`,
    );
    return {
      commit: found.sha,
      forget: async () => {
        // A step may have removed the working copy or the entry; then there is nothing to forget.
        if (persistCredentials)
          await inside('config', '--local', '--unset-all', header).catch(() => undefined);
      },
    };
  };
}

/** The lines of a configuration that send the token: written into the file, it is in no command line. */
function tokenFor(serverUrl: string, token: string): string {
  const credentials = Buffer.from(`x-access-token:${token}`).toString('base64');
  return `[http "${serverUrl}/"]\n\textraheader = AUTHORIZATION: basic ${credentials}\n`;
}
