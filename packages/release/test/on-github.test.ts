import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ProviderAtGithub, providerAtGithub } from './provider-at-github.ts';
import { expectConsumable, expectReferencesInto } from './released-tree.ts';

let provider: ProviderAtGithub;
beforeAll(async () => {
  provider = await providerAtGithub();
}, 240_000);
afterAll(() => provider.close());

const step = (verb: string) => provider.step(verb);
const git = (...args: readonly string[]) => provider.git(...args);

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
    provider.repository.actionsOpenPullRequests = true;
    expect(await step('propose')).toMatchObject({ exit: 0 });
    expect(await step('propose')).toMatchObject({ exit: 0 });
    const pulls = provider.repository.pulls.map((pull) => [
      pull.number,
      pull.title,
      pull.state,
      pull.user.login,
    ]);
    expect(pulls).toEqual([[1, 'Release v0.2.0', 'open', 'github-actions[bot]']]);
    expect(provider.repository.pulls[0]?.body).toContain('### Minor Changes');
    const changed = git('diff', '--name-only', 'main', 'release/next').split('\n');
    expect(changed).toContain('packages/release/CHANGELOG.md');
    expect(changed).toContain('templates/customer-repo/.github/workflows/deliver.yml');
    expect(git('diff', '--name-only', '--diff-filter=D', 'main', 'release/next')).toContain('.changeset/');
    await provider.mergeProposal();
  }, 240_000);
});

describe('a release is published', () => {
  beforeAll(async () => {
    expect((await step('next')).printed).toContain('next: release');
    expect(await step('pack')).toMatchObject({ exit: 0 });
    rmSync(join(provider.copy.folder, 'dist'), { recursive: true }); // the job that publishes has none
  }, 240_000);

  /** Publishing fails with these reasons, and no tag, branch or release is there that was not before. */
  const refused = async (...reasons: readonly string[]) => {
    const state = () => [
      git('for-each-ref'),
      provider.repository.releases.map(({ tag, draft }) => [tag, draft]),
    ];
    const before = state();
    const { exit, printed } = await step('publish');
    expect(exit).toBe(1);
    for (const reason of reasons) expect(printed).toContain(reason);
    expect(state()).toEqual(before);
  };

  it('not while something is in its way: each is named, such as a trust file whose actions would follow local endpoints', async () => {
    const { folder } = provider.copy;
    const trust = join(folder, 'trust/provider.json');
    writeFileSync(trust, JSON.stringify({ ...JSON.parse(readFileSync(trust, 'utf8')), local: true }));
    writeFileSync(
      join(folder, '.changeset/late.md'),
      '---\n"@tenant-delivery/release": patch\n---\n\nLate.\n',
    );
    await refused('trust/provider.json says "local": true', '.changeset/late.md is in no version yet');
    provider.copy.git('checkout', '--quiet', '.');
    provider.copy.git('clean', '--quiet', '--force', '.changeset');
  }, 240_000);

  it('neither what another job put in the place of what was attested, nor a file beside dist/ that is not the reviewed one', async () => {
    const packed = join(provider.copy.folder, '.release');
    const before = ['tenant-delivery-0.2.0.tar.gz', 'SHA256SUMS'].map(
      (name) => [join(packed, name), readFileSync(join(packed, name))] as const,
    );
    const files = join(provider.copy.folder, '.release/evil');
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
    const own = provider.sums.attested;
    provider.sums.attested = digest(Buffer.from(others)); // the build wrote it so, on both runners
    await refused('what was packed has another trust/provider.json than this commit');
    provider.sums.attested = own;
    for (const [file, bytes] of before) writeFileSync(file, bytes);
  }, 240_000);

  it('not under a tag that a colleague has made first', async () => {
    const sha = git('rev-parse', 'main');
    expect(await provider.asLou('POST', '/git/refs', { ref: 'refs/tags/v0.2.0', sha })).toBe(201);
    await refused('the tag v0.2.0 is at');
    expect(await provider.asLou('DELETE', '/git/refs/tags/v0.2.0', {})).toBe(422); // the ruleset
    git('update-ref', '-d', 'refs/tags/v0.2.0'); // an administrator, who looked into it
  }, 240_000);

  it('not with a file that a colleague has put into its draft', async () => {
    await provider.asLou('POST', '/releases', { tag_name: 'v0.2.0', draft: true });
    const [draft] = provider.repository.releases;
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
    provider.repository.releases.splice(0);
  }, 240_000);

  it('not for good while its release could be changed, and then goes on where it stopped', async () => {
    const before = git('rev-parse', 'v0.2.0', 'releases/v0');
    const ended = await step('publish');
    expect(ended).toMatchObject({
      exit: 1,
      printed: expect.stringContaining('switch on immutable releases'),
    });
    expect(git('tag', '--list')).toBe('v0.2.0');
    provider.repository.releases.splice(0); // as it says
    provider.repository.immutableReleases = true;
    expect(await step('publish')).toMatchObject({ exit: 0, printed: expect.stringContaining('url: ') });
    expect(git('rev-parse', 'v0.2.0', 'releases/v0')).toBe(before);
    expect(provider.repository.releases).toMatchObject([{ tag: 'v0.2.0', draft: false, immutable: true }]);
    expect(provider.repository.releases[0]?.assets.map(({ name }) => name)).toEqual([
      'tenant-delivery-0.2.0.tar.gz',
      'tenant-delivery-0.2.0.cdx.json',
      'tenant-delivery-0.2.0.files.sha256',
      'tenant-delivery-0.2.0-migrate.mjs',
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
      expect(await provider.asLou('PATCH', `/git/refs/${ref}`, { sha, force: true })).toBe(422);
    expect(git('for-each-ref')).toBe(before);
  }, 240_000);

  it('with what a consumer needs, and every reference that is copied leads into it', () => {
    expectConsumable(git, 'v0.2.0');
    expectReferencesInto(git, 'v0.2.0');
  });

  it('with a bill of materials of the packages whose code is in it, and no other', () => {
    const bill = JSON.parse(
      readFileSync(join(provider.copy.folder, '.release/tenant-delivery-0.2.0.cdx.json'), 'utf8'),
    );
    const names = bill.components.map(({ name }: { readonly name: string }) => name);
    expect(names).toContain('@actions/core');
    expect(names).toContain('@smithy/signature-v4');
    expect(names).not.toContain('jest');
    const migrate = join(provider.copy.folder, '.release/tenant-delivery-0.2.0-migrate.mjs');
    const notices = git('show', 'v0.2.0:dist/THIRD_PARTY_NOTICES.txt') + readFileSync(migrate, 'utf8');
    expect(names.filter((name: string) => !notices.includes(`${name} `))).toEqual([]);
  });
});
