import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { applySettings } from '@tenant-delivery/provisioning/github/apply-settings';
import { compareSettings } from '@tenant-delivery/provisioning/github/compare-settings';
import type { ObservedRepository } from '@tenant-delivery/provisioning/github/ports';
import { keptAdditions, settingChanges } from '@tenant-delivery/provisioning/github/setting-changes';
import type { WantedRepository } from '@tenant-delivery/provisioning/github/wanted-settings';
import { repositoryAdministration, settingsReader } from '../src/repositories/repository-administration.ts';
import { githubStage, ORDERS, type Stage } from './stage.ts';

const CHECK = 'release gate (acme/prod/orders)';
const WANTED: WantedRepository = {
  repository: ORDERS,
  id: 456789,
  approval: {
    environment: 'acme-prod-approval',
    days: 3,
    required: { customer: 1 },
    roles: { customer: [200001] },
  },
  deployment: { environment: 'acme-prod', branches: ['main', 'release/*'] },
  ruleset: { name: 'tenant-delivery acme-prod', branches: ['main'], checks: [CHECK] },
};
const BYPASS =
  'acme-prod-approval lets administrators bypass its rules: switch that off in the settings of the environment';

let stage: Stage;
beforeEach(async () => {
  stage = await githubStage();
  stage.orders.collaborators.set('lead-ben', 'read');
});
afterEach(() => stage.close());

const asApp = async () =>
  repositoryAdministration(await stage.asApp({ administration: 'write', actions: 'read' }));

async function seen(wanted = WANTED): Promise<ObservedRepository> {
  const observed = await (await asApp()).observe(wanted);
  if (observed === 'absent') throw new Error(`${wanted.repository} is not there`);
  return observed;
}

async function mend(wanted = WANTED) {
  const observed = await seen(wanted);
  return applySettings(await asApp(), wanted, observed, compareSettings(wanted, observed));
}

const sayings = (observed: ObservedRepository | 'absent', wanted = WANTED) =>
  compareSettings(wanted, observed).map(({ says }) => says);

describe('the settings of a repository', () => {
  it('are made where there are none; what remains is for a person', async () => {
    expect(sayings(await seen())).toEqual([
      'acme-prod-approval does not exist',
      'acme-prod-approval: acme/orders is not public, so its owner needs GitHub Enterprise for required reviewers',
      BYPASS,
      'acme-prod does not exist',
      'main may be deleted',
      'main may be force-pushed',
      `main takes pull requests without the check ${CHECK}`,
    ]);
    expect(await mend()).toEqual(
      ['approval', 'deployment', 'ruleset'].map((of) => ({ repository: ORDERS, of, result: 'set' })),
    );
    const now = await seen();
    expect(now).toMatchObject({
      approval: { reviewers: { kind: 'required', people: [{ id: 200001 }], preventSelfReview: true } },
      deployment: { branches: { kind: 'patterns', branches: ['main', 'release/*'], tags: [] } },
      rules: { main: { deletion: 'refused', forcePush: 'refused', checks: [CHECK] } },
      ruleset: { active: true, bypass: 'nobody' },
    });
    expect(sayings(now)).toEqual([BYPASS]);
    expect(await mend()).toEqual([]);
  });

  it('are mended where somebody has loosened them, and the rest stays as it was', async () => {
    await mend();
    stage.github.setEnvironment(ORDERS, {
      ...{ name: 'acme-prod', reviewers: [200001], branches: ['main', 'topic'], tags: ['v*'] },
      adminsBypass: false,
    });
    const reader = settingsReader(await stage.asJob({ actions: 'read' }));
    const loosened = await reader.observe(WANTED);
    expect(sayings(loosened)).toEqual([
      BYPASS,
      'acme-prod also deploys from topic; agreed is main, release/*',
      'acme-prod also deploys from the tag v*; agreed is main, release/*',
      'acme-prod does not deploy from release/*, which is agreed',
    ]);
    expect(await mend()).toMatchObject([{ of: 'deployment', result: 'set' }]);
    expect((await seen()).deployment).toMatchObject({
      adminsMayBypass: false,
      reviewers: { kind: 'required', people: [{ id: 200001 }] },
      branches: { branches: ['main', 'release/*'], tags: [] },
    });
  });

  it('keep what others added to our ruleset, and say before what would go', async () => {
    await mend();
    const [ours] = stage.orders.rulesets;
    if (!ours?.made) throw new Error('it was made');
    const extra = { context: 'lint', integration_id: 7 };
    stage.orders.rulesets[0] = {
      ...ours,
      include: [...ours.include, 'refs/heads/next'],
      exclude: ['refs/heads/main'],
      rules: ['deletion', 'creation'],
      made: {
        ...ours.made,
        ...{ checks: [extra], strict: true },
        bypass: [{ actor_id: 5, actor_type: 'Team', bypass_mode: 'always' }],
      },
    };
    const observed = await seen();
    expect(settingChanges('ruleset', WANTED, observed)).toEqual([
      { path: '/bypass_actors', before: 'somebody', after: null },
      { path: '/exclude/refs/heads/main', before: 'refs/heads/main', after: null },
      { path: '/rules/non_fast_forward', before: null, after: 'non_fast_forward' },
      { path: `/checks/${CHECK}`, before: null, after: CHECK },
    ]);
    expect(keptAdditions(WANTED, observed)).toEqual([
      'the rule creation',
      'the check lint',
      'the branches refs/heads/next',
      'that a branch is up to date before it is merged',
    ]);
    expect(await mend()).toMatchObject([{ of: 'ruleset', result: 'set' }]);
    expect(stage.orders.rulesets[0]).toMatchObject({
      include: ['refs/heads/main', 'refs/heads/next'],
      exclude: [],
      rules: ['deletion', 'creation', 'non_fast_forward'],
      made: { checks: [extra, { context: CHECK }], strict: true, bypass: [] },
    });
    expect(settingChanges('ruleset', WANTED, await seen())).toEqual([]);
  });

  it('never let an environment deploy from more branches on the way, wherever it stops', async () => {
    stage.github.setEnvironment(ORDERS, { name: 'acme-prod', branches: ['main', 'topic'] });
    const path = `/repos/${ORDERS}/environments/acme-prod/deployment-branch-policies`;
    stage.github.fail({ path, method: 'POST', kind: 'server-error' });
    expect(await mend()).toContainEqual({ repository: ORDERS, of: 'deployment', result: 'unknown' });
    expect((await seen()).deployment).toMatchObject({ branches: { branches: ['main'], tags: [] } });
  });

  it.each([
    [
      'a private repository below GitHub Enterprise',
      () => Object.assign(stage.orders.owner, { plan: 'team' }),
      /^GitHub answered 422: .*billing plan/,
    ],
    [
      'a reviewer who may not read the repository',
      () => stage.orders.collaborators.delete('lead-ben'),
      /^GitHub answered 422: .*200001/,
    ],
  ])('say what GitHub refused, and the others are set: %s', async (_, arrange, refused) => {
    arrange();
    expect(await mend()).toEqual([
      { repository: ORDERS, of: 'approval', result: { refused: expect.stringMatching(refused) } },
      { repository: ORDERS, of: 'deployment', result: 'set' },
      { repository: ORDERS, of: 'ruleset', result: 'set' },
    ]);
  });

  it('of another repository under the agreed name are not touched', async () => {
    const other = { ...WANTED, id: 1 };
    const observed = await seen(other);
    expect(sayings(observed, other)).toEqual([
      'acme/orders has the number 456789; the contract names 1: another repository has this name now',
    ]);
    expect(await applySettings(await asApp(), other, observed, compareSettings(other, observed))).toEqual([]);
  });

  it('are absent where the token may not see the repository, and a failure where it may not see enough', async () => {
    const reader = settingsReader(await stage.asJob({ contents: 'read' }));
    expect(await reader.observe({ ...WANTED, repository: 'acme/billing' })).toBe('absent');
    await expect(reader.observe(WANTED)).rejects.toMatchObject({ code: 'GITHUB_PERMISSION_MISSING' });
  });
});
