import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalGithub, startLocalGithub } from '@tenant-delivery/local-github';
import { createJob, finishJob, startJob } from '@tenant-delivery/local-github/world/job';
import { mergePullRequest } from '@tenant-delivery/local-github/world/merge-pull-request';
import type { Repository } from '@tenant-delivery/local-github/world/repository';
import { createRun } from '@tenant-delivery/local-github/world/run';
import { type Copy, copyOf } from '@tenant-delivery/testkit/copy-of-this-repository';

const NAME = 'initech/tenant-delivery';
const LIKE_RELEASE_YML = { contents: 'write', 'pull-requests': 'write' } as const;

let copy: Copy;
/** The digest of what the newest `pack` made, as the workflow hands it on. */
let attested = '';
let github: LocalGithub;
let repository: Repository;
beforeAll(async () => {
  copy = copyOf(NAME);
  const path = join(copy.folder, '.git', 'at-github');
  execFileSync('git', ['clone', '--quiet', '--bare', copy.folder, path]);
  copy.git('remote', 'add', 'origin', path);
  github = await startLocalGithub();
  for (const [login, id] of [
    ['lead-kim', 1],
    ['dev-lou', 2],
  ] as const)
    github.addUser({ login, id });
  repository = github.addRepository({
    owner: 'initech',
    ownerId: 700_000,
    name: 'tenant-delivery',
    id: 700_001,
    path,
    visibility: 'public',
    collaborators: { 'lead-kim': 'write', 'dev-lou': 'write' },
  });
  repository.rulesets.push(
    { include: ['refs/tags/v*.*.*'], rules: ['update', 'deletion'] },
    { include: ['refs/heads/releases/v*'], rules: ['non_fast_forward', 'deletion'] },
    { include: ['refs/heads/main'], rules: ['update', 'non_fast_forward', 'deletion'] },
  );
}, 240_000);
afterAll(async () => {
  await github.close();
  copy.remove();
});

/** A step of the workflow, with the token of a job that may do what the jobs of release.yml may. */
async function step(verb: string) {
  const { world } = github;
  const sha = copy.git('rev-parse', 'HEAD');
  const workflow = { repository: NAME, path: '.github/workflows/release.yml', ref: 'refs/heads/main', sha };
  const run = createRun(world, repository, {
    workflow,
    name: 'release',
    event: 'push',
    ref: 'refs/heads/main',
    sha,
    actor: 'lead-kim',
  });
  const job = createJob(world, run, { name: verb, permissions: LIKE_RELEASE_YML, workflow });
  const { githubToken } = startJob(world, job);
  const env = { GITHUB_TOKEN: githubToken, GITHUB_API_URL: github.apiUrl, ATTESTED_SUMS: attested };
  const ended = await copy.start(['packages/release/src/release.ts', verb], env);
  finishJob(world, job, { conclusion: 'success' });
  if (verb === 'pack') attested = /^sums: ([0-9a-f]{64})$/m.exec(ended.printed)?.[1] ?? '';
  return ended;
}

/** What Lou does with a token of their own. */
async function asLou(method: string, path: string, body: unknown): Promise<number> {
  const { status } = await fetch(`${github.apiUrl}/repos/${NAME}${path}`, {
    method,
    headers: { authorization: `Bearer ${github.world.users.get('dev-lou')?.token}` },
    body: JSON.stringify(body),
  });
  return status;
}

const git = (...args: readonly string[]) =>
  execFileSync('git', args, { cwd: repository.path, encoding: 'utf8' }).trim();
const pulls = () =>
  repository.pulls.map(({ number, title, state, user }) => [number, title, state, user.login]);

/** Merges what was proposed, and checks out what came of it. */
async function mergeProposal(): Promise<void> {
  const open = repository.pulls.find(({ state }) => state === 'open');
  if (!open) throw new Error('nothing is proposed');
  await mergePullRequest(github.world, open, { by: 'lead-kim' });
  copy.git('fetch', '--quiet', 'origin');
  copy.git('checkout', '--quiet', '--force', '-B', 'main', 'origin/main');
}

describe('a version is proposed', () => {
  it('nowhere, while the repository lets no job open pull requests', async () => {
    expect((await step('next')).printed).toContain('next: propose');
    expect(await step('version')).toMatchObject({ exit: 0 });
    expect(await step('propose')).toMatchObject({
      exit: 1,
      printed: expect.stringContaining('GitHub Actions is not permitted to create or approve pull requests'),
    });
  }, 240_000);

  it('in one pull request, which a later push renews', async () => {
    repository.actionsOpenPullRequests = true;
    expect(await step('propose')).toMatchObject({ exit: 0 });
    expect(await step('propose')).toMatchObject({ exit: 0 });
    expect(pulls()).toEqual([[1, 'Release v0.2.0', 'open', 'github-actions[bot]']]);
    expect(repository.pulls[0]?.body).toContain('### Minor Changes');
    const changed = git('diff', '--name-only', 'main', 'release/next').split('\n');
    expect(changed).toContain('packages/release/CHANGELOG.md');
    expect(changed).toContain('templates/customer-repo/.github/workflows/deliver.yml');
    expect(git('diff', '--name-only', '--diff-filter=D', 'main', 'release/next')).toContain('.changeset/');
    await mergeProposal();
  }, 240_000);
});

describe('a release is published', () => {
  beforeAll(async () => {
    expect((await step('next')).printed).toContain('next: release');
    expect(await step('pack')).toMatchObject({ exit: 0 });
    rmSync(join(copy.folder, 'dist'), { recursive: true }); // the job that publishes has none
  }, 240_000);

  /** Publishing fails with this reason, and no tag, branch or release is there that was not before. */
  const refused = async (reason: string) => {
    const state = () => [git('for-each-ref'), repository.releases.map(({ tag, draft }) => [tag, draft])];
    const before = state();
    expect(await step('publish')).toMatchObject({ exit: 1, printed: expect.stringContaining(reason) });
    expect(state()).toEqual(before);
  };

  it('neither what another job put in the place of what was attested, nor a file beside dist/ that is not the reviewed one', async () => {
    const packed = join(copy.folder, '.release');
    const before = ['tenant-delivery-0.2.0.tar.gz', 'SHA256SUMS'].map(
      (name) => [join(packed, name), readFileSync(join(packed, name))] as const,
    );
    const files = join(copy.folder, '.release/evil');
    mkdirSync(files);
    execFileSync('tar', ['xzf', before[0]?.[0] ?? '', '-C', files]);
    writeFileSync(join(files, 'trust/provider.json'), '{}');
    const archive = gzipSync(
      execFileSync('tar', ['cf', '-', '-C', files, '.'], { maxBuffer: 64 * 1024 * 1024 }),
    );
    rmSync(files, { recursive: true });
    const [, sums = Buffer.alloc(0)] = before[1] ?? [];
    const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    writeFileSync(before[0]?.[0] ?? '', archive);
    await refused('is not what its SHA256SUMS says');
    const others = sums.toString().replace(digest(before[0]?.[1] ?? archive), digest(archive));
    writeFileSync(before[1]?.[0] ?? '', others);
    await refused('is not what was attested');
    const own = attested;
    attested = digest(Buffer.from(others)); // the build wrote it so, on both runners
    await refused('what was packed has another trust/provider.json than this commit');
    attested = own;
    for (const [file, bytes] of before) writeFileSync(file, bytes);
  }, 240_000);

  it('not under a tag that a colleague has made first', async () => {
    const sha = git('rev-parse', 'main');
    expect(await asLou('POST', '/git/refs', { ref: 'refs/tags/v0.2.0', sha })).toBe(201);
    await refused('the tag v0.2.0 is at');
    expect(await asLou('DELETE', '/git/refs/tags/v0.2.0', {})).toBe(422); // the ruleset
    git('update-ref', '-d', 'refs/tags/v0.2.0'); // an administrator, who looked into it
  }, 240_000);

  it('not with a file that a colleague has put into its draft', async () => {
    await asLou('POST', '/releases', { tag_name: 'v0.2.0', draft: true });
    const [draft] = repository.releases;
    draft?.assets.push({
      id: 1,
      name: 'tenant-delivery-0.2.0.tar.gz',
      contentType: 'x',
      bytes: Buffer.from('evil'),
      uploader: draft.author,
      createdAt: 0,
    });
    const ended = await step('publish');
    expect(ended.printed).toContain('has a file tenant-delivery-0.2.0.tar.gz that was not packed here');
    expect(draft?.draft).toBe(true);
    repository.releases.splice(0);
  }, 240_000);

  it('not for good while its release could be changed, and then goes on where it stopped', async () => {
    const before = git('rev-parse', 'v0.2.0', 'releases/v0');
    const ended = await step('publish');
    expect(ended).toMatchObject({
      exit: 1,
      printed: expect.stringContaining('switch on immutable releases'),
    });
    expect(git('tag', '--list')).toBe('v0.2.0');
    repository.releases.splice(0); // as it says
    repository.immutableReleases = true;
    expect(await step('publish')).toMatchObject({ exit: 0, printed: expect.stringContaining('url: ') });
    expect(git('rev-parse', 'v0.2.0', 'releases/v0')).toBe(before);
    expect(repository.releases).toMatchObject([{ tag: 'v0.2.0', draft: false, immutable: true }]);
    expect(repository.releases[0]?.assets.map(({ name }) => name)).toEqual([
      'tenant-delivery-0.2.0.tar.gz',
      'tenant-delivery-0.2.0.cdx.json',
      'tenant-delivery-0.2.0.files.sha256',
      'SHA256SUMS',
    ]);
    expect(git('rev-parse', 'v0', 'v0.2.0^')).toBe(git('rev-parse', 'v0.2.0', 'main'));
  }, 240_000);

  it('once: a second attempt finds everything there, and nothing of it can be moved', async () => {
    const before = git('for-each-ref');
    expect(await step('publish')).toMatchObject({ exit: 0 });
    expect((await step('next')).printed).toContain('next: nothing');
    const sha = git('rev-parse', 'main');
    for (const ref of ['tags/v0.2.0', 'heads/releases/v0'])
      expect(await asLou('PATCH', `/git/refs/${ref}`, { sha, force: true })).toBe(422);
    expect(git('for-each-ref')).toBe(before);
  }, 240_000);

  it('with a bill of materials of the packages whose code is in it, and no other', () => {
    const bill = JSON.parse(
      readFileSync(join(copy.folder, '.release/tenant-delivery-0.2.0.cdx.json'), 'utf8'),
    );
    const names = bill.components.map(({ name }: { readonly name: string }) => name);
    expect(names).toContain('@actions/core');
    expect(names).toContain('@smithy/signature-v4');
    expect(names).not.toContain('jest');
    const notices = git('show', 'v0.2.0:dist/THIRD_PARTY_NOTICES.txt');
    expect(names.filter((name: string) => !notices.includes(`${name} `))).toEqual([]);
  });
});

it('the next release descends from the one before, on a branch that only goes forward', async () => {
  const before = git('rev-parse', 'v0.2.0');
  writeFileSync(
    join(copy.folder, '.changeset/more.md'),
    '---\n"@tenant-delivery/release": patch\n---\n\nMore.\n',
  );
  copy.git('add', '--all');
  copy.git('commit', '--quiet', '--message', 'Change something');
  copy.git('push', '--quiet', 'origin', 'main');
  for (const verb of ['version', 'propose']) expect(await step(verb)).toMatchObject({ exit: 0 });
  await mergeProposal();
  for (const verb of ['pack', 'publish']) expect(await step(verb)).toMatchObject({ exit: 0 });
  expect(git('rev-parse', 'v0.2.1^1', 'v0.2.1^2')).toBe([before, git('rev-parse', 'main')].join('\n'));
  expect(git('rev-parse', 'releases/v0', 'v0')).toBe(git('rev-parse', 'v0.2.1', 'v0.2.1'));
  expect(git('branch', '--list', 'releases/*', '--contains', 'v0.2.0')).toContain('releases/v0');
}, 240_000);
