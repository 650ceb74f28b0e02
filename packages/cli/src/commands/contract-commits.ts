import { basename, dirname } from 'node:path';
import { canonicalJson, type Digest } from '@tenant-delivery/domain';
import { TenantContract } from '@tenant-delivery/tenancy/contract';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import { cutTo } from '@tenant-delivery/tenancy/sealed-contract';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { Io } from '../io.ts';
import { type Git, gitIn } from './git.ts';

const COMMIT = /^[0-9a-f]{40}$/;

const lines = (text: string) => text.split('\n').filter((line) => line !== '');

/** The newest commit of the branch whose file has, for this environment, the contract with this digest. */
export async function commitWith(
  file: string,
  environment: string,
  digest: Digest,
  io: Io,
): Promise<string | undefined> {
  const git = gitIn(dirname(file), io);
  const name = basename(file);
  for (const sha of lines(await git('rev-list', '--first-parent', 'HEAD', '--', name))) {
    const removed = lines(await git('ls-tree', '--name-only', sha, '--', name)).length === 0;
    if (!removed && digestIn(await git('show', `${sha}:./${name}`), environment) === digest) return sha;
  }
  return undefined;
}

/** An old file may be one that this release does not read: then it is not the one. */
function digestIn(text: string, environment: string): Digest | undefined {
  const read = readYaml(text, TenantContract);
  if (!('document' in read) || !(environment in read.document.environments)) return undefined;
  return digestOf(canonicalJson(cutTo(read.document, environment)));
}

/** What happened to a file since a commit, or since it is there, whatever its name was. */
export interface FileHistory {
  /** Every commit that touched the file, or another one that it may come from, and every merge that brought one in. The oldest first. */
  readonly touched: readonly string[];
  /** Every commit of the repository since the first of those, itself included. */
  readonly range: readonly { readonly sha: string; readonly parents: readonly string[] }[];
}

export async function historyOf(file: string, since: string | undefined, io: Io): Promise<FileHistory> {
  if (since !== undefined && !COMMIT.test(since)) throw new Error(`${since} is no commit`);
  const git = gitIn(dirname(file), io);
  const asked = since === undefined ? 'HEAD' : `${since}..HEAD`;
  const paths = await pathsOf(basename(file), since, asked, git);
  const of = (how: string) => git('rev-list', '--reverse', how, asked, '--', ...paths);
  const [full, merges] = await Promise.all([of('--full-history'), of('--first-parent')]);
  const touched = [...new Set([...lines(full), ...lines(merges)])];
  const [first] = touched;
  if (first === undefined) return { touched, range: [] };
  const after = since ?? lines(await git('rev-list', '--parents', '--max-count=1', first))[0]?.split(' ')[1];
  const listed = await git('rev-list', '--parents', after === undefined ? 'HEAD' : `${after}..HEAD`);
  const range = lines(listed).map((line) => line.split(' '));
  return { touched, range: range.map(([sha = '', ...parents]) => ({ sha, parents })) };
}

/**
 * Where the text of the file was written: under its name, and in each file that a commit removed that touched it, for that may
 * be its old name. If it was not there under this name all the time since the commit, every file of its folder counts.
 */
async function pathsOf(
  name: string,
  since: string | undefined,
  asked: string,
  git: Git,
): Promise<readonly string[]> {
  const changed = async (filter: 'A' | 'D', paths: Iterable<string>) => {
    const how = ['--full-history', '--full-diff', '--diff-merges=first-parent', '--no-renames', '-z'];
    const what = ['--format=', '--name-only', `--diff-filter=${filter}`];
    const found = await git('log', ...how, ...what, asked, '--', ...paths);
    return found.split('\0').filter((path) => path !== '');
  };
  const prefix = (await git('rev-parse', '--show-prefix')).trim();
  const own = `:(top,literal)${prefix}${name}`;
  const added = since !== undefined && (await changed('A', [own])).includes(`${prefix}${name}`);
  const paths = new Set(added ? [own, '.'] : [own]);
  for (let known = 0; known < paths.size; ) {
    known = paths.size;
    for (const path of await changed('D', paths)) paths.add(`:(top,literal)${path}`);
  }
  return [...paths];
}
