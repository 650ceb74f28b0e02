import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Delivery, Stage } from '@tenant-delivery/cli/demo/stage';
import {
  type LocalGithub,
  type RunResult,
  runWorkflow,
  startLocalGithub,
} from '@tenant-delivery/local-github';
import { mergePullRequest } from '@tenant-delivery/local-github/world/merge-pull-request';
import type { Repository } from '@tenant-delivery/local-github/world/repository';
import { type Copy, copyOf } from '@tenant-delivery/testkit/copy-of-this-repository';
import { npmOnce } from '../stage/npm-once.ts';
import { logOf, openStage } from '../stage/stage.ts';

const NAME = 'initech/tenant-delivery';
const PEOPLE = { 'dev-lou': 1, 'lead-kim': 2, 'lead-max': 3 };

let copy: Copy;
let github: LocalGithub;
let repository: Repository;
beforeAll(async () => {
  copy = copyOf(NAME);
  const path = join(copy.folder, '.git/at-github');
  execFileSync('git', ['clone', '--quiet', '--bare', copy.folder, path]);
  github = await startLocalGithub();
  for (const [login, id] of Object.entries(PEOPLE)) github.addUser({ login, id });
  repository = github.addRepository({
    owner: 'initech',
    ownerId: 700_000,
    name: 'tenant-delivery',
    id: 700_001,
    path,
    visibility: 'public',
    collaborators: { 'dev-lou': 'write', 'lead-kim': 'write', 'lead-max': 'write' },
  });
  // as docs/releasing.md wants the repository
  github.setEnvironment(NAME, {
    name: 'release',
    reviewers: [PEOPLE['lead-kim'], PEOPLE['lead-max']],
    preventSelfReview: true,
    adminsBypass: false,
    branches: ['main'],
  });
  repository.rulesets.push(
    { include: ['refs/tags/v*.*.*'], rules: ['update', 'deletion'] },
    { include: ['refs/heads/releases/v*'], rules: ['non_fast_forward', 'deletion'] },
    { include: ['refs/heads/main'], rules: ['update', 'non_fast_forward', 'deletion'] },
  );
  repository.immutableReleases = true;
  repository.actionsOpenPullRequests = true;
}, 120_000);
afterAll(async () => {
  await github.close();
  copy.remove();
});

const git = (...args: readonly string[]) =>
  execFileSync('git', args, { cwd: repository.path, encoding: 'utf8' }).trim();

/** What GitHub starts for a push to main, on a runner that has npm's cache of this machine. */
function pushed(actor: string): Promise<RunResult> {
  const npm = (key: string) =>
    execFileSync('npm', ['config', 'get', key], { cwd: tmpdir(), encoding: 'utf8' }).trim();
  return runWorkflow({
    github,
    repository: NAME,
    workflow: '.github/workflows/release.yml',
    ref: 'refs/heads/main',
    event: 'push',
    actor,
    approveAs: 'lead-max',
    env: {
      PATH: [npmOnce(join(copy.folder, '.git')), process.env['PATH']].join(delimiter),
      npm_config_cache: npm('cache'),
      npm_config_registry: npm('registry'),
      npm_config_prefer_offline: 'true',
    },
  });
}

/** What to look at when a run has not ended well. */
const failedLog = (result: RunResult) => (result.conclusion === 'success' ? '' : logOf(result));
const endsOf = ({ jobs }: RunResult) => jobs.map(({ name, conclusion }) => `${name}: ${conclusion}`);

describe('a release, from a merged pull request to a delivery by what was released', () => {
  it('a push with changesets proposes the version, and releases nothing', async () => {
    const result = await pushed('dev-lou');
    expect([endsOf(result), failedLog(result)]).toEqual([
      expect.arrayContaining([
        'decide: success',
        'propose: success',
        'build (first): skipped',
        'publish: skipped',
      ]),
      '',
    ]);
    expect(repository.pulls.map(({ title }) => title)).toEqual(['Release v0.2.0']);
    expect([git('tag', '--list'), repository.releases]).toEqual(['', []]);
  }, 900_000);

  it('merging it builds twice, attests, waits for a person, and makes a release that stays', async () => {
    const [pull] = repository.pulls;
    if (!pull) throw new Error('nothing was proposed');
    await mergePullRequest(github.world, pull, { by: 'lead-kim' });
    const result = await pushed('lead-kim');
    expect([endsOf(result).sort(), failedLog(result)]).toEqual([
      [
        'attest: success',
        'build (first): success',
        'build (second): success',
        'decide: success',
        'propose: skipped',
        'publish: success',
      ],
      '',
    ]);
    expect(repository.deployments.map(({ environment }) => environment)).toEqual(['release']);
    expect(repository.releases).toMatchObject([{ tag: 'v0.2.0', immutable: true, draft: false }]);
    expect(repository.attestations.map(({ predicateType }) => predicateType)).toEqual([
      'https://slsa.dev/provenance/v1',
      'https://cyclonedx.org/bom',
    ]);
    const digests = repository.releases[0]?.assets.filter(({ name }) => name !== 'SHA256SUMS').length;
    expect(repository.attestations[0]?.subjects).toHaveLength(digests ?? 0);
    expect(git('rev-parse', 'v0', 'releases/v0', 'v0.2.0^')).toBe(
      git('rev-parse', 'v0.2.0', 'v0.2.0', 'main'),
    );
  }, 900_000);

  describe('and a customer who takes the templates of that version', () => {
    let stage: Stage;
    let delivery: Delivery;
    beforeAll(async () => {
      const templates = join(copy.folder, '.release/of-the-tag');
      mkdirSync(templates, { recursive: true });
      const archive = execFileSync('git', ['archive', 'v0.2.0', 'templates'], { cwd: repository.path });
      execFileSync('tar', ['--extract', '-C', templates], { input: archive });
      stage = await openStage({
        scale: 60,
        release: {
          repository: NAME,
          git: repository.path,
          tag: 'v0.2.0',
          templates: join(templates, 'templates'),
        },
      });
      delivery = await stage.deliver();
    }, 120_000);
    afterAll(() => stage.platform.close());

    // in a copy of it whose trust file says local: the release itself speaks to AWS alone
    it('delivers with it, in a change that closes and names that release', async () => {
      expect(failedLog(delivery.result)).toBe('');
      const events = await stage.events(delivery.change);
      expect(events.at(-1)?.transition.to).toBe('closed');
      expect(JSON.stringify(events)).toContain(`${NAME}/.github/workflows/deliver.yml@refs/tags/v0.2.0`);
    });
  });
});
