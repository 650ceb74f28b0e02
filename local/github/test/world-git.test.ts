import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readCommit } from '../src/git/commits.ts';
import { diffTrees } from '../src/git/diff.ts';
import { exportTree } from '../src/git/export-tree.ts';
import { git, gitText } from '../src/git/git.ts';
import { fullRef, resolveCommit } from '../src/git/resolve.ts';
import { listTree, readFileAt } from '../src/git/tree.ts';
import { commitFiles, createGitRepository, setRef } from '../src/git/write.ts';
import { changedFiles } from '../src/runner/resolve/changed-files.ts';

const ANA = { name: 'Ana', email: 'ana@example.com' };
let room: string;
let path: string;
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'local-github-test-'));
  path = join(room, 'repository.git');
  await createGitRepository(path);
});
afterEach(() => rm(room, { recursive: true, force: true }));

const commit = (files: Readonly<Record<string, string | Buffer | null>>) =>
  commitFiles(path, { branch: 'main', files, message: 'Change\n', author: ANA });

test('a folder becomes a commit as it is, ignored files and all, and comes out the same', async () => {
  const from = join(room, 'from');
  await mkdir(join(from, 'dist'), { recursive: true });
  await writeFile(join(from, '.gitignore'), 'dist\n');
  await writeFile(join(from, 'dist/main.mjs'), 'run();\n');
  await writeFile(join(from, 'start'), '#!/bin/sh\n', { mode: 0o755 });
  await symlink('start', join(from, 'link'));
  await commit({ 'gone.txt': 'not in the folder' });
  const sha = await commitFiles(path, { branch: 'main', folder: from, message: 'All', author: ANA });
  const to = join(room, 'to');
  await exportTree(path, sha, to);
  expect(await readFile(join(to, 'dist/main.mjs'), 'utf8')).toBe('run();\n');
  expect(await readFile(join(to, 'link'), 'utf8')).toBe('#!/bin/sh\n');
  expect((await stat(join(to, 'start'))).mode & 0o111).not.toBe(0);
  await expect(stat(join(to, 'gone.txt'))).rejects.toThrow('ENOENT');
});

test('the same content, author and time make the same commit everywhere', async () => {
  const other = join(room, 'other.git');
  await createGitRepository(other);
  const given = { branch: 'main', files: { a: '1' }, message: 'Same', author: ANA, at: 1_795_507_200_000 };
  const [here, there] = await Promise.all([commitFiles(path, given), commitFiles(other, given)]);
  expect(here).toBe(there);
  expect(await readCommit(path, here)).toMatchObject({
    author: { ...ANA, date: '2026-11-24T08:00:00Z' },
    message: 'Same',
    parents: [],
  });
});

test('works on a working copy as on a bare repository, and leaves its files alone', async () => {
  const copy = join(room, 'copy');
  await mkdir(copy);
  await git(copy, ['init', '--quiet', '--initial-branch=main']);
  const sha = await commitFiles(copy, { branch: 'main', files: { a: '1' }, message: 'One', author: ANA });
  expect(await readFileAt(copy, 'main', 'a')).toEqual(Buffer.from('1'));
  expect(await resolveCommit(copy, 'HEAD')).toBe(sha);
  await expect(stat(join(copy, 'a'))).rejects.toThrow('ENOENT');
});

test('tells renamed, removed, binary and changed files apart', async () => {
  const text = Array.from({ length: 20 }, (_, line) => `line ${line}\n`).join('');
  const before = await commit({ old: text, gone: 'x\n', binary: Buffer.from([0, 1, 2]), 'tab\tname': 'a\n' });
  const after = await commit({
    old: null,
    'new name': text,
    gone: null,
    binary: Buffer.from([0, 1, 3]),
    'tab\tname': 'b\n',
  });
  const changes = await diffTrees(path, before, after);
  expect(Object.fromEntries(changes.map(({ path: name, blob, ...change }) => [name, change]))).toEqual({
    binary: { status: 'modified', additions: 0, deletions: 0 },
    gone: { status: 'removed', additions: 0, deletions: 1, patch: '@@ -1 +0,0 @@\n-x' },
    'new name': { status: 'renamed', previousPath: 'old', additions: 0, deletions: 0 },
    'tab\tname': { status: 'modified', additions: 1, deletions: 1, patch: '@@ -1 +1 @@\n-a\n+b' },
  });
});

test('content that looks like the head of a diff does not confuse the patches', async () => {
  const before = await commit({ a: 'diff --git a/a b/a\n@@ x\n', b: '1\n' });
  const after = await commit({ a: 'diff --git a/a b/a\n@@ y\n', b: '2\n' });
  const [a, b] = await diffTrees(path, before, after);
  expect(a?.patch).toContain('+@@ y');
  expect(b?.patch).toBe('@@ -1 +1 @@\n-1\n+2');
});

test('a name is a branch first, then a tag, and never an option', async () => {
  const sha = await commit({ a: '1' });
  await setRef(path, 'refs/tags/v1', sha);
  await git(path, ['tag', '-a', 'noted', '-m', 'with a note', sha], {
    env: { GIT_COMMITTER_NAME: 'Ana', GIT_COMMITTER_EMAIL: 'ana@example.com' },
  });
  expect(await fullRef(path, 'v1')).toBe('refs/tags/v1');
  await setRef(path, 'refs/heads/v1', sha);
  expect(await fullRef(path, 'v1')).toBe('refs/heads/v1');
  expect(await fullRef(path, 'refs/heads/none')).toBeUndefined();
  expect(await resolveCommit(path, 'noted')).toBe(sha);
  expect(await resolveCommit(path, '--all')).toBeUndefined();
});

test('paths are taken by their letters, not as patterns', async () => {
  await commit({ 'a*': 'star', ab: 'plain' });
  expect(await readFileAt(path, 'main', 'a*')).toEqual(Buffer.from('star'));
  expect(await readFileAt(path, 'main', 'a?')).toBeUndefined();
  expect((await listTree(path, 'main', '')).map((entry) => entry.path)).toEqual(['a*', 'ab']);
  expect(await gitText(path, ['rev-parse', '--is-bare-repository'])).toBe('true');
});

test('a new branch changed what all its own commits changed', async () => {
  const main = await commit({ 'old.txt': '1' });
  await setRef(path, 'refs/heads/new', main);
  const onNew = (files: Readonly<Record<string, string>>) =>
    commitFiles(path, { branch: 'new', files, message: 'Change\n', author: ANA });
  await onNew({ 'tenants/new.yaml': '1' });
  const sha = await onNew({ 'README.md': '1' });
  const pushed = { before: '0'.repeat(40), ref: 'refs/heads/new' };
  expect(await changedFiles({ path, sha, payload: pushed })).toEqual(['README.md', 'tenants/new.yaml']);
  expect(await changedFiles({ path, sha, payload: { ref: 'refs/heads/new' } })).toEqual(['README.md']);
});
