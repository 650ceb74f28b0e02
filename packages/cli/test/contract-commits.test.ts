import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { historyOf } from '../src/commands/contract-commits.ts';

const ACME = 'tenants/acme.yaml';
const RENAMED = 'tenants/acme-2.yaml';

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'contract-commits-'));
  git('init', '--quiet', '--initial-branch', 'main');
  await mkdir(join(cwd, 'tenants'));
});
afterEach(() => rm(cwd, { recursive: true }));

function git(...args: readonly string[]) {
  const who = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.org', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', ['-C', cwd, ...who, ...args], { encoding: 'utf8' }).trim();
}

/** A commit of everything that is in the folder. */
function committed() {
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Change');
  return git('rev-parse', 'HEAD');
}

async function written(name: string, text: string) {
  await writeFile(join(cwd, name), text);
  return committed();
}

function moved(from: string, to: string) {
  git('mv', '--force', from, to);
  return committed();
}

async function touched(file: string, since: string | undefined) {
  const unused = () => undefined;
  const io = { cwd, env: {}, out: unused, err: unused, interrupted: new AbortController().signal };
  return (await historyOf(file, since, io)).touched;
}

test('what touched a contract is every commit of its file, and none of another', async () => {
  const since = await written(ACME, 'one');
  const edit = await written(ACME, 'two');
  await written('tenants/globex.yaml', 'one');
  expect(await touched(ACME, since)).toEqual([edit]);
  expect(await touched(ACME, undefined)).toEqual([since, edit]);
});

test('what touched it under another name counts after it was renamed', async () => {
  const since = await written(ACME, 'one');
  const edit = await written(ACME, 'two');
  const rename = moved(ACME, RENAMED);
  expect(await touched(RENAMED, since)).toEqual([edit, rename]);
  expect(await touched(RENAMED, undefined)).toEqual([since, edit, rename]);
});

test('what touched it under another name counts after it was copied, and removed later', async () => {
  const since = await written(ACME, 'one');
  const edit = await written(ACME, 'two');
  const copy = await written(RENAMED, 'two');
  git('rm', '--quiet', ACME);
  const removal = committed();
  expect(await touched(RENAMED, since)).toEqual([edit, copy, removal]);
});

test('what touched it in another folder counts when it comes back', async () => {
  const since = await written(ACME, 'one');
  const away = moved(ACME, 'drafts.yaml');
  const edit = await written('drafts.yaml', 'two');
  const back = moved('drafts.yaml', ACME);
  expect(await touched(ACME, since)).toEqual([away, edit, back]);
});

test('what touched a draft counts after the draft replaced it', async () => {
  const since = await written(ACME, 'one');
  const draft = await written('drafts.yaml', 'two');
  const replaced = moved('drafts.yaml', ACME);
  expect(await touched(ACME, since)).toEqual([draft, replaced]);
});
