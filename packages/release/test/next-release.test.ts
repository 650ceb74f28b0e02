import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ProviderAtGithub, providerAtGithub } from './provider-at-github.ts';

let provider: ProviderAtGithub;
beforeAll(async () => {
  provider = await providerAtGithub();
  provider.repository.actionsOpenPullRequests = true;
  provider.repository.immutableReleases = true;
}, 240_000);
afterAll(() => provider.close());

/** Takes in the changesets, has the version merged, and publishes it. */
async function release(): Promise<void> {
  for (const verb of ['version', 'propose']) expect(await provider.step(verb)).toMatchObject({ exit: 0 });
  await provider.mergeProposal();
  for (const verb of ['pack', 'publish']) expect(await provider.step(verb)).toMatchObject({ exit: 0 });
}

it('a release descends from the one before, on a branch that only goes forward', async () => {
  const { copy, git } = provider;
  await release();
  const before = git('rev-parse', 'v0.2.0');
  writeFileSync(
    join(copy.folder, '.changeset/more.md'),
    '---\n"@tenant-delivery/release": patch\n---\n\nMore.\n',
  );
  copy.git('add', '--all');
  copy.git('commit', '--quiet', '--message', 'Change something');
  copy.git('push', '--quiet', 'origin', 'main');
  await release();
  expect(git('rev-parse', 'v0.2.1^1', 'v0.2.1^2')).toBe([before, git('rev-parse', 'main')].join('\n'));
  expect(git('rev-parse', 'releases/v0', 'v0')).toBe(git('rev-parse', 'v0.2.1', 'v0.2.1'));
  expect(git('branch', '--list', 'releases/*', '--contains', 'v0.2.0')).toContain('releases/v0');
}, 480_000);
