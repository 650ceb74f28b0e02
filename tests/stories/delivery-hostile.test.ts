import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { loadChange } from '@tenant-delivery/evidence/record';
import { ecsStore } from '@tenant-delivery/local-aws/ecs/store';
import { commitFiles } from '@tenant-delivery/local-github/git/write';
import {
  beginRun,
  expectRefused,
  expectRefusedUnrecorded,
  type PlayedRun,
  succeeded,
} from '../stage/played-run.ts';
import { acmeWith, during, ORDERS, openStage, tamper } from '../stage/stage.ts';

const REVIEWERS = [200001, 300001];

let stage: Stage;
/** Planned while nothing else happens: approvals that are judged, what is tampered with, and what deploys first. */
let planned: Readonly<Record<'approvals' | 'own' | 'altered' | 'ours', Planned>>;

interface Planned {
  readonly run: PlayedRun;
  readonly change: string;
}

beforeAll(async () => {
  const contracts = acmeWith('approvals', 'own', 'commits', 'altered', 'locked');
  stage = await openStage({ runtime: 'simulated', scale: 60, contracts });
  const plan = async (service: string, version: string, actor = 'dev-ana'): Promise<Planned> => {
    const run = await begin(service, { actor });
    await run.write({ VERSION: version });
    return { run, change: await run.plan() };
  };
  const [approvals, own, altered, ours] = await Promise.all([
    plan('approvals', '1.1.0\n'),
    plan('own', '1.2.0\n', 'lead-ben'),
    plan('altered', '1.1.0\n'),
    plan('locked', '1.1.0\n'),
  ]);
  planned = { approvals, own, altered, ours };
}, 60_000);
afterAll(() => stage.platform.close());

const begin = (service?: string, options: Parameters<typeof beginRun>[1] = {}) =>
  beginRun(stage.platform, { ...options, ...(service !== undefined && { service }) });

function digestIn(events: Awaited<ReturnType<typeof loadChange>>, name: string): string {
  const found = events.flatMap(({ evidence }) => evidence).find((item) => item.name === name);
  if (!found) throw new Error(`no ${name} in the record`);
  return `objects/sha256/${found.digest.sha256}`;
}

async function eventsOf(service: string, change: string): Promise<Awaited<ReturnType<typeof loadChange>>> {
  const vault = stage.platform.tenants['acme']?.vault('prod');
  if (!vault) throw new Error('acme is on the stage');
  return loadChange(vault, stage.platform.trust, { ...ORDERS, service }, change);
}

describe('a job that is not who it should be gets no session at AWS', () => {
  it("when it names another tenant's environment", async () => {
    const run = await begin();
    const target = { tenant: 'globex', account: '000033334444', service: 'billing' };
    const played = await run.step('build', 'open-change', target);
    expectRefusedUnrecorded(played, 'ROLE_NOT_ASSUMED', 'arn:aws:iam::000033334444:role/td/prod/td-');
    expect(new Set(played.calls.map(({ operation }) => operation))).toEqual(
      new Set(['AssumeRoleWithWebIdentity']),
    );
  });

  it('when it misspells its tenant: the name of the session is what differs, and is named', async () => {
    const run = await begin();
    const played = await run.step('build', 'open-change', { tenant: 'acmee' });
    expectRefusedUnrecorded(played, 'ROLE_NOT_ASSUMED', 'td-prod-build');
    expect(played.errors[0]?.message).toMatch(
      /- sts:RoleSessionName: td-acmee-prod-\d+-1, which begins with the inputs tenant and environment/,
    );
  });

  it('when it runs a fork of the delivery workflow', async () => {
    const run = await begin(undefined, { provider: 'mallory/tenant-delivery' });
    const played = await run.step('build', 'open-change');
    expectRefusedUnrecorded(played, 'ROLE_NOT_ASSUMED', 'td-prod-build');
    expect(played.lines.join('\n')).toContain('job_workflow_ref: mallory/tenant-delivery/');
  });

  it('when it runs the delivery workflow at a ref that was not released', async () => {
    const run = await begin(undefined, { release: 'refs/heads/main' });
    expectRefusedUnrecorded(await run.step('build', 'open-change'), 'ROLE_NOT_ASSUMED', 'td-prod-build');
  });

  it('when it runs for another branch than the contract agrees on', async () => {
    await stage.commit('Try it out', { VERSION: '0.0.1\n' }, 'try-out');
    const run = await begin(undefined, { ref: 'refs/heads/try-out' });
    expectRefusedUnrecorded(await run.step('build', 'open-change'), 'ROLE_NOT_ASSUMED', 'td-prod-build');
  });

  it("when it asks for another duty's role than its job has", async () => {
    const run = await begin();
    const inputs = { change: 'chg_01ARZ3NDEKTSV4RRFFQ69G5FAV', mode: 'deploy' };
    for (const job of ['build', 'plan'] as const) {
      const played = await run.step(job, 'deploy-ecs-service', inputs);
      expectRefusedUnrecorded(played, 'ROLE_NOT_ASSUMED', 'td-prod-deploy');
    }
  });

  it('when what broke out of its build has proposed a manifest that the commit does not have', async () => {
    const run = await begin();
    const manifest = '.delivery/service.yaml';
    const text = await readFile(join(run.workspace, manifest), 'utf8');
    await run.write({ [manifest]: `${text}\nscan: { high: 0 }\n` });
    const { change = '' } = succeeded(await run.step('build', 'open-change')).outputs;
    await run.write({ [manifest]: text }); // the plan job is on another machine, and checks out the commit
    succeeded(await run.step('build', 'build-and-scan-image', { change }));
    const played = await run.step('plan', 'gate-on-ecr-findings', { change, manifest });
    expectRefusedUnrecorded(played, 'PROPOSAL_MISMATCH', `is not the one in ${manifest}`);
  }, 30_000);

  it("when it runs a customer's build and would judge, plan, approve or end what it built", async () => {
    const run = await begin();
    const { change = '' } = succeeded(await run.step('build', 'open-change')).outputs;
    const refused = async (action: string, role: string, inputs: Readonly<Record<string, string>>) =>
      expectRefusedUnrecorded(await run.step('build', action, inputs), 'ROLE_NOT_ASSUMED', `td-prod-${role}`);
    await refused('gate-on-ecr-findings', 'gate', { change });
    await refused('deploy-ecs-service', 'gate', { change, mode: 'plan' });
    await refused('approve-change', 'approve', { changes: change });
    await refused('close-change', 'gate', { change, mode: 'settle', 'job-status': 'failure' });
  });
});

describe('an approval counts only', () => {
  it.each([
    [
      'from somebody with a role in the contract',
      'lead-cam',
      'lead-cam has no approval role in the contract',
    ],
    [
      'from the role that the contract asks for',
      'sre-kim',
      'is not approved as the contract requires (customer: 0 of 1)',
    ],
  ])('%s', async (_, login, said) => {
    const { run, change } = planned.approvals;
    const played = await run.approve(change, login);
    expectRefusedUnrecorded(played, 'APPROVALS_MISSING', said);
  });

  it('from somebody who did not start the run', async () => {
    const { run, change } = planned.own;
    const played = await run.approve(change, 'lead-ben');
    expectRefusedUnrecorded(played, 'APPROVALS_MISSING', 'lead-ben started the run');
  });

  it('for the plan that its own run has made', async () => {
    const played = await planned.approvals.run.approve(`own/${planned.own.change}`);
    expectRefusedUnrecorded(played, 'TRANSITION_NOT_ALLOWED', 'have not seen that plan');
  });

  it('while the environments are protected as agreed', async () => {
    const { github } = stage.platform;
    const { run, change } = planned.approvals;
    const deploy = { name: 'acme-prod', adminsBypass: false };
    const approval = { name: 'acme-prod-approval', reviewers: REVIEWERS, branches: ['main'] };
    github.setEnvironment('acme/orders', { ...deploy, branches: ['main', 'release/*'] });
    github.setEnvironment('acme/orders', { ...approval, preventSelfReview: false, adminsBypass: true });
    const played = await run.approve(change);
    github.setEnvironment('acme/orders', { ...deploy, branches: ['main'] });
    github.setEnvironment('acme/orders', { ...approval, preventSelfReview: true, adminsBypass: false });
    expectRefusedUnrecorded(played, 'ENVIRONMENT_UNPROTECTED', 'acme-prod also deploys from release/*');
    const lines = played.lines.join('\n');
    expect(lines).toContain('acme-prod-approval lets people review their own runs');
    expect(lines).toContain('acme-prod-approval lets administrators bypass its rules');
  });

  it('and nothing is deployed before it', async () => {
    const { run, change } = planned.approvals;
    expectRefused(await run.deploy(change), 'PLAN_NOT_APPROVED', 'it is planned');
  });

  it('from somebody who wrote none of it', async () => {
    const path = join(stage.platform.folder, 'repositories/acme/orders.git');
    const ben = { name: 'lead-ben', email: 'lead-ben@users.noreply.github.com' };
    await commitFiles(path, {
      branch: 'main',
      files: { VERSION: '1.0.1\n' },
      message: 'Mend it myself',
      author: ben,
    });
    const written = await begin('commits');
    const played = await written.approve(await written.plan());
    expectRefusedUnrecorded(played, 'APPROVALS_MISSING', /lead-ben wrote or committed [0-9a-f]{12}/);
    await stage.commit('Go on', { VERSION: '1.0.2\n' });
  }, 30_000);
});

describe('what was approved is what is deployed, or nothing', () => {
  it('an object of the vault that was changed or removed underneath stops the deploy', async () => {
    const { platform } = stage;
    const { run, change } = planned.altered;
    succeeded(await run.approve(change));
    const events = await eventsOf('altered', change);
    const deployed = async (key: string, edit: (text: string) => string | undefined) => {
      const restore = tamper(platform, key, edit);
      const played = await run.deploy(change);
      restore();
      return played;
    };
    const plan = await deployed(digestIn(events, 'plan'), (text) =>
      text.replace('"normal"', '"pre-approved"'),
    );
    expectRefused(plan, 'DOCUMENT_ALTERED', 'The document "plan" (sha256:');
    const verdict = await deployed(digestIn(events, 'verdict'), () => '{}');
    expectRefused(verdict, 'DOCUMENT_ALTERED', 'The document "verdict" (sha256:');
    const record = await deployed(digestIn(events, 'image-record'), () => undefined);
    expectRefused(
      record,
      'DOCUMENT_ALTERED',
      /The document "image-record" \(sha256:\w+\) is not in the vault/,
    );
    const event = await deployed(`changes/prod/altered/${change}/0004.dsse.json`, (text) =>
      text.replace(/"payload":"./, '"payload":"f'),
    );
    expectRefused(event, 'EVIDENCE_BROKEN', `The record of ${change} does not hold: event 4`);
  }, 30_000);

  it('one change deploys at a time, and a plan that is overtaken is refused', async () => {
    const { run: ours, change } = planned.ours;
    succeeded(await ours.approve(change));
    const deployed = succeeded(await ours.deploy(change));

    const theirs = await begin('locked');
    await theirs.write({ VERSION: '1.2.0\n' });
    const other = await theirs.plan();
    succeeded(await theirs.approve(other));
    const early = await theirs.deploy(other);
    expectRefused(
      early,
      'LOCK_HELD',
      new RegExp(
        `Another change is being deployed to locked: ${change} \\(acme/orders, run ${ours.run.id}, attempt 1, number 1\\) has held the lock since \\S+Z, until \\S+Z`,
      ),
    );
    expect((await eventsOf('locked', other)).at(-1)?.transition.to).toBe('approved');

    await ours.close(change, deployed);
    const { families, services } = ecsStore(stage.platform.aws.world, ORDERS.account, ORDERS.region);
    const now = services['acme-prod/locked'];
    const first = families['acme-prod-locked']?.[0]?.arn;
    if (!now || !first) throw new Error('the platform has a service');
    const moved = { ...now, settings: { ...now.settings, taskDefinition: first } };
    const late = await during(services, 'acme-prod/locked', moved, () => theirs.deploy(other));
    expectRefused(late, 'PLAN_CHANGED', 'because somebody has changed the service outside of the record');
    expect(late.lines.join('\n')).toMatch(/taskDefinition\.from: approved "\S+:2", now "\S+:1"/);
    const settled = await theirs.step('settle', 'close-change', {
      change: other,
      mode: 'settle',
      'job-status': 'failure',
    });
    expect(settled.outputs['state']).toBe('abandoned');
  }, 60_000);
});
