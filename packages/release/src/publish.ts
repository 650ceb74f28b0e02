import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { branchOf, messageOf, parentsOf } from './commit-release.ts';
import { againstRelease } from './obstacles.ts';
import type { OnGithub, TreeEntry } from './on-github.ts';
import { packedNames, readPacked } from './pack.ts';
import { changelogOf } from './propose.ts';
import { reviewedFiles } from './released-files.ts';
import { git, majorOf, root, versionHere } from './this-repository.ts';

interface Published {
  readonly commit: string;
  readonly url: string;
}

/**
 * Publishes what was packed: the commit on its branch, the tag that never moves, the immutable release, and `vX`. `attested`
 * is the digest of its checksums. A second attempt goes on where an earlier one stopped. Answers what is in the way instead,
 * and has then moved nothing.
 */
export async function publish(
  folder: string,
  attested: string,
  github: OnGithub,
): Promise<Published | readonly string[]> {
  const obstacles = againstRelease();
  if (obstacles.length > 0) return obstacles;
  const version = versionHere();
  const packed = readPacked(folder, version, attested);
  const tree = unpackedTree(packed[packedNames(version).archive] ?? Buffer.alloc(0));
  const foreign = differencesFromMain(tree);
  if (foreign.length > 0) return foreign;
  const tagged = await tag(github, version, { tree, entries: entriesOf(tree) });
  if (typeof tagged !== 'string') return tagged;
  const release = await releaseOnce(github, version, tagged, packed);
  if ('length' in release) return release;
  if (await isNewest(github, version)) await moveMajor(github, version, tagged);
  return { commit: tagged, url: release.url };
}

/** Writes the files of the archive as a tree into this clone. */
function unpackedTree(archive: Buffer): string {
  const room = mkdtempSync(join(tmpdir(), 'released-'));
  const files = join(room, 'files');
  try {
    mkdirSync(files);
    execFileSync('tar', ['--extract', '--gzip', `--directory=${files}`], { input: archive });
    const index = { GIT_INDEX_FILE: join(room, 'index') };
    git([`--work-tree=${files}`, 'add', '--force', '--all', '.'], index);
    return git(['write-tree'], index);
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

interface Listed {
  readonly path: string;
  readonly mode: string;
  readonly sha: string;
}

function listed(tree: string): readonly Listed[] {
  return git(['ls-tree', '-r', '-z', tree])
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const [, mode = '', sha = '', path = ''] = /^(\d+) blob (\w+)\t(.*)$/s.exec(line) ?? [];
      return { path, mode, sha };
    });
}

/** The job that packed ran the code of others. So of its archive only dist/ counts; all else has to be this commit's own. */
function differencesFromMain(tree: string): readonly string[] {
  const ours = new Map(listed('HEAD').map(({ path, sha }) => [path, sha]));
  const files = listed(tree);
  const wanted = new Set(reviewedFiles(root));
  const foreign = files.filter(({ path, sha, mode }) =>
    path.startsWith('dist/') ? mode !== '100644' : !wanted.has(path) || ours.get(path) !== sha,
  );
  const there = new Set(files.map(({ path }) => path));
  return [
    ...foreign.map(({ path }) => `what was packed has another ${path} than this commit`),
    ...[...wanted].filter((path) => !there.has(path)).map((path) => `what was packed has no ${path}`),
  ];
}

interface Released {
  readonly tree: string;
  readonly entries: readonly TreeEntry[];
}

/** As GitHub takes it: each file of `dist/` with its content, and all others by an id, because GitHub has them already. */
function entriesOf(tree: string): readonly TreeEntry[] {
  const files = listed(tree);
  const built = files.filter(({ path }) => path.startsWith('dist/')).map(({ sha }) => sha);
  const contents = contentsOf(built);
  return files.map(({ path, mode, sha }): TreeEntry => {
    const entry = { path, mode: mode === '100755' ? mode : '100644' } as const;
    const content = contents.get(sha);
    return path.startsWith('dist/') && content !== undefined ? { ...entry, content } : { ...entry, sha };
  });
}

/** The texts of these blobs, by their ids: `ID blob SIZE`, a new line, the bytes, a new line. */
function contentsOf(ids: readonly string[]): ReadonlyMap<string, string> {
  const batch = execFileSync('git', ['cat-file', '--batch'], {
    cwd: root,
    input: `${ids.join('\n')}\n`,
    maxBuffer: 64 * 1024 * 1024,
  });
  const contents = new Map<string, string>();
  let at = 0;
  for (const id of ids) {
    const from = batch.indexOf('\n', at) + 1;
    const size = Number(batch.toString('utf8', at, from).split(' ')[2]);
    contents.set(id, batch.toString('utf8', from, from + size));
    at = from + size + 1;
  }
  return contents;
}

/** The released commit under its tag: made now, or by an earlier attempt. */
async function tag(
  github: OnGithub,
  version: string,
  released: Released,
): Promise<string | readonly string[]> {
  const built = git(['rev-parse', 'HEAD']);
  const isThis = async (commit: string) => {
    const found = await github.commitAt(commit);
    return found.tree === released.tree && found.parents.includes(built);
  };
  const there = await github.refAt(`tags/v${version}`);
  if (there !== undefined)
    return (await isThis(there))
      ? there
      : [
          `the tag v${version} is at ${there}, which was not built from ${built} here: find out who made it, and release the next version`,
        ];
  const branch = `heads/${branchOf(version)}`;
  const before = await github.refAt(branch);
  const made =
    before !== undefined && (await isThis(before)) ? before : await commit(github, version, released, before);
  // GitHub makes a ref once: the second caller is refused.
  await github.makeRef(`tags/v${version}`, made);
  return made;
}

async function commit(
  github: OnGithub,
  version: string,
  { tree, entries }: Released,
  before: string | undefined,
): Promise<string> {
  const built = git(['rev-parse', 'HEAD']);
  const made = await github.makeTree(entries);
  if (made !== tree) throw new Error(`GitHub made the tree ${made} of what is ${tree} here`);
  const commit = await github.makeCommit(tree, parentsOf(before, built), messageOf(version, built));
  const branch = `heads/${branchOf(version)}`;
  if (before === undefined) await github.makeRef(branch, commit);
  else await github.moveRef(branch, commit, { force: false });
  return commit;
}

/** A draft, its files, and then the release, because an immutable one takes no more files. */
async function releaseOnce(
  github: OnGithub,
  version: string,
  commit: string,
  packed: Readonly<Record<string, Buffer>>,
): Promise<{ readonly url: string } | readonly string[]> {
  const tag = `v${version}`;
  let release = (await github.releaseOf(tag)) ?? (await github.draft(tag, commit, notesOf(version)));
  const there = new Map(release.assets.map(({ name, digest }) => [name, digest]));
  const foreign = [...there].filter(([name, digest]) => digest !== digestOf(packed[name]));
  if (foreign.length > 0)
    return foreign.map(([name]) => `the release ${tag} has a file ${name} that was not packed here`);
  if (release.draft) {
    for (const [name, bytes] of Object.entries(packed))
      if (!there.has(name)) await github.upload(release.upload_url, name, bytes);
    release = await github.publish(release.id);
  }
  if (release.immutable !== true)
    return [
      `${tag} is published, but not immutable: switch on immutable releases in the settings, delete this release there but not its tag, and run this job again`,
    ];
  return { url: release.html_url };
}

function digestOf(bytes: Buffer | undefined): string | undefined {
  return bytes && `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function notesOf(version: string): string {
  return changelogOf(version) || `Version ${version}.`;
}

async function isNewest(github: OnGithub, version: string): Promise<boolean> {
  const all = [...(await github.versions(majorOf(version))), version];
  return all.every((each) => each.localeCompare(version, 'en', { numeric: true }) <= 0);
}

/** For people who try things out. No role trusts it, and it has no release, which would keep it from moving. */
async function moveMajor(github: OnGithub, version: string, commit: string): Promise<void> {
  const ref = `tags/${majorOf(version)}`;
  if ((await github.refAt(ref)) === undefined) await github.makeRef(ref, commit);
  else await github.moveRef(ref, commit, { force: true });
}
