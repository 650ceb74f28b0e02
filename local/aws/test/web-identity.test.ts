import { generateKeyPairSync } from 'node:crypto';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { iamOf } from '../src/iam/state.ts';
import { ACME, REGION, refusal, type Stage, stage } from './acme.ts';
import { BUILD_JOB, DEPLOY_JOB, PLAN_JOB } from './an-issuer.ts';

let on: Stage;
beforeAll(async () => {
  on = await stage();
});
afterAll(() => on.close());

const DENIED = {
  name: 'AccessDenied',
  message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
  status: 403,
};

describe("a job's identity token", () => {
  it.each<[string, string, Readonly<Record<string, unknown>>]>([
    ['build', 'the build job', BUILD_JOB],
    ['evidence', 'the build job', BUILD_JOB],
    ['gate', 'the plan job', PLAN_JOB],
    ['deploy', 'the deploy job', DEPLOY_JOB],
    ['evidence', 'the deploy job', DEPLOY_JOB],
    [
      'deploy',
      'a repository with ids in its subject',
      { ...DEPLOY_JOB, sub: 'repo:acme@123456/orders@456789:environment:acme-prod' },
    ],
    [
      'approve',
      'the approve job',
      {
        ...DEPLOY_JOB,
        sub: 'repo:acme/orders:environment:acme-prod-approval',
        environment: 'acme-prod-approval',
      },
    ],
    [
      'deploy',
      "the provider's rollback",
      {
        ...DEPLOY_JOB,
        sub: 'repo:OWNER/tenant-operations:environment:acme-prod',
        repository_id: '700002',
        repository_owner_id: '700000',
        job_workflow_ref: 'OWNER/tenant-delivery/.github/workflows/rollback.yml@refs/tags/v0.1.0',
      },
    ],
    [
      'pull-request',
      'a pull request',
      {
        ...PLAN_JOB,
        sub: 'repo:acme/orders:pull_request',
        job_workflow_ref: 'OWNER/tenant-delivery/.github/workflows/release-gate.yml@refs/tags/v0.1.0',
      },
    ],
  ])('opens role %s to %s', async (role, _, claims) => {
    expect(await on.assume(role, claims)).toMatchObject({ sessionToken: expect.stringMatching(/.{100}/) });
  });

  it('opens no role whose trust tests a claim on which the public lists of STS differ', async () => {
    const { roles } = iamOf(on.aws.world, ACME);
    const deploy = roles['td-prod-deploy'];
    if (!deploy) throw new Error('acme has prod');
    const owner = { 'token.actions.githubusercontent.com:repository_owner_id': '123456' };
    const trust = JSON.parse(JSON.stringify(deploy.trust), (name, value: unknown) =>
      name === 'StringEquals' ? { ...Object(value), ...owner } : value,
    );
    roles['td-prod-deploy'] = { ...deploy, trust };
    expect(await refusal(on.assume('deploy', DEPLOY_JOB))).toEqual(DENIED);
    roles['td-prod-deploy'] = deploy;
    expect(await on.assume('deploy', DEPLOY_JOB)).toMatchObject({ sessionToken: expect.any(String) });
  });

  it.each<[string, string, Readonly<Record<string, unknown>>]>([
    ['deploy', 'the build job, which has no environment', BUILD_JOB],
    ['deploy', 'another environment', { ...DEPLOY_JOB, environment: 'acme-test' }],
    ['deploy', 'the approve job', { ...DEPLOY_JOB, environment: 'acme-prod-approval' }],
    ['approve', 'the deploy job', DEPLOY_JOB],
    [
      'deploy',
      'a workflow that is not released',
      { ...DEPLOY_JOB, job_workflow_ref: DEPLOY_JOB.job_workflow_ref.replace('tags/v0.1.0', 'heads/main') },
    ],
    [
      'deploy',
      'the workflow of a fork of ours',
      { ...DEPLOY_JOB, job_workflow_ref: DEPLOY_JOB.job_workflow_ref.replace(/^[^/]+/, 'mallory') },
    ],
    [
      'deploy',
      "a job of the customer's own",
      { ...DEPLOY_JOB, job_workflow_ref: 'acme/orders/.github/workflows/x.yml@refs/heads/main' },
    ],
    [
      'deploy',
      "another tenant's repository",
      { ...DEPLOY_JOB, sub: 'repo:globex/billing:environment:acme-prod', repository_id: '556789' },
    ],
    ['deploy', 'a repository that took the name', { ...DEPLOY_JOB, repository_id: '999999' }],
    [
      'deploy',
      'a token that does not say which workflow runs',
      { ...DEPLOY_JOB, job_workflow_ref: undefined },
    ],
    ['gate', "the job that runs a customer's build", BUILD_JOB],
    ['build', 'the plan job', PLAN_JOB],
    ['build', 'another branch', { ...BUILD_JOB, sub: 'repo:acme/orders:ref:refs/heads/feature' }],
    ['build', 'a pull request', { ...BUILD_JOB, sub: 'repo:acme/orders:pull_request' }],
    ['read', 'the delivery workflow', PLAN_JOB],
    ['none', 'anybody, since it does not exist', DEPLOY_JOB],
  ])('does not open role %s to %s', async (role, _, claims) => {
    expect(await refusal(on.assume(role, claims))).toEqual(DENIED);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string, string]>([
    [
      'for another audience',
      { aud: 'https://example.org' },
      'InvalidIdentityTokenException',
      'Incorrect token audience',
    ],
    [
      'of an issuer that the account does not know',
      { iss: 'http://127.0.0.1:1' },
      'InvalidIdentityTokenException',
      'No OpenIDConnect provider found in your account for http://127.0.0.1:1',
    ],
    ['that has ended', { exp: 1_600_000_000 }, 'ExpiredTokenException', 'Token expired: current date/time'],
    [
      'that is not valid yet',
      { nbf: 9_999_999_999 },
      'InvalidIdentityTokenException',
      'Token is not yet valid',
    ],
  ])('%s is refused by name', async (_, claims, name, message) => {
    expect(await refusal(on.assume('deploy', { ...DEPLOY_JOB, ...claims }))).toMatchObject({
      name,
      message: expect.stringContaining(message),
    });
  });

  it('is not kept in the log of calls', async () => {
    await on.assume('build', BUILD_JOB);
    expect(on.aws.calls.at(-1)).toMatchObject({
      operation: 'AssumeRoleWithWebIdentity',
      input: { WebIdentityToken: '(sensitive)' },
    });
  });

  it('that somebody else signed is refused', async () => {
    const forger = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const sts = new STSClient({ endpoint: on.aws.url, region: REGION, credentials: on.acme });
    const forged = sts.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: `arn:aws:iam::${ACME}:role/td/prod/td-prod-deploy`,
        RoleSessionName: 'td-acme-prod-1-1',
        WebIdentityToken: on.issuer.token(DEPLOY_JOB, forger),
      }),
    );
    expect(await refusal(forged)).toMatchObject({ name: 'InvalidIdentityTokenException' });
  });

  it('does not open a role to a session that is named for another tenant', async () => {
    const sts = new STSClient({ endpoint: on.aws.url, region: REGION, credentials: on.acme });
    const named = sts.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: `arn:aws:iam::${ACME}:role/td/prod/td-prod-deploy`,
        RoleSessionName: 'td-globex-prod-1-1',
        WebIdentityToken: on.issuer.token(DEPLOY_JOB),
      }),
    );
    expect(await refusal(named)).toEqual(DENIED);
  });
});
