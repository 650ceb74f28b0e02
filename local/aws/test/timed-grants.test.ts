import {
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../src/index.ts';
import { putRole } from '../src/services/iam.ts';
import { manualClock } from '../src/world/manual-clock.ts';
import { ACME, type Keys, REGION, refusal } from './acme.ts';

const clock = manualClock();
const ROLE = 'td-prod-break-glass';
const ARN = `arn:aws:iam::${ACME}:role/td/break-glass/${ROLE}`;
let aws: LocalAws;
let operator: Keys;
let iam: IAMClient;
const as = (credentials: Keys) => ({ endpoint: aws.url, region: REGION, credentials, maxAttempts: 1 });
beforeAll(async () => {
  aws = await startLocalAws({ clock, runtime: 'simulated' });
  operator = aws.addAccount(ACME);
  iam = new IAMClient(as(operator));
  putRole(aws.world, ACME, {
    name: ROLE,
    path: '/td/break-glass/',
    partition: 'aws',
    description: '',
    maxSessionDuration: 3_600,
    tags: {},
    policies: {},
    trust: { Version: '2012-10-17', Statement: [] },
  });
});
afterAll(() => aws.close());

const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const at = (minutes: number) => new Date(clock.now() + minutes * 60_000).toISOString();
const trustUntil = (minutes: number) =>
  iam.send(
    new UpdateAssumeRolePolicyCommand({
      RoleName: ROLE,
      PolicyDocument: document({
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACME}:user/operator` },
        Action: 'sts:AssumeRole',
        Condition: { DateLessThan: { 'aws:CurrentTime': at(minutes) } },
      }),
    }),
  );
const put = (PolicyName: string, ...statements: object[]) =>
  iam.send(new PutRolePolicyCommand({ RoleName: ROLE, PolicyName, PolicyDocument: document(...statements) }));
async function session(RoleSessionName: string): Promise<Keys> {
  const { Credentials } = await new STSClient(as(operator)).send(
    new AssumeRoleCommand({ RoleArn: ARN, RoleSessionName }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
}
const use = (keys: Keys) => new IAMClient(as(keys)).send(new GetRoleCommand({ RoleName: ROLE }));

describe('a grant that says when it ends', () => {
  it('lets nobody in after its end, nor on with a session from before', async () => {
    await trustUntil(30);
    await put('grant-7', {
      Effect: 'Allow',
      Action: 'iam:GetRole',
      Resource: '*',
      Condition: { DateLessThan: { 'aws:CurrentTime': at(30) } },
    });
    const ben = await session('ben');
    await use(ben);
    await clock.advance(31 * 60_000);
    expect(await refusal(use(ben))).toMatchObject({ name: 'AccessDenied', status: 403 });
    expect(await refusal(session('ben'))).toMatchObject({ name: 'AccessDenied' });
  });

  it('is taken from one of two by the time of their sessions, and from nobody who comes later', async () => {
    await trustUntil(60);
    await put('grant-7', { Effect: 'Allow', Action: 'iam:GetRole', Resource: '*' });
    const [ben, eva] = [await session('ben'), await session('eva')];
    await put('revoke-7', {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: {
        DateLessThan: { 'aws:TokenIssueTime': at(1) },
        StringLike: { 'aws:userid': '*:ben' },
      },
    });
    expect(await refusal(use(ben))).toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('explicit deny'),
    });
    await use(eva);
    await clock.advance(2 * 60_000);
    await use(await session('ben'));
  });

  it('is worth nothing to a session without a source identity, if a guard names those who have one', async () => {
    await put('grant-7', { Effect: 'Allow', Action: 'iam:GetRole', Resource: '*' });
    const nameless = await session('eva');
    const StringNotEquals = { 'aws:SourceIdentity': ['eva@example.com'] };
    await put('guard', { Effect: 'Deny', Action: '*', Resource: '*', Condition: { StringNotEquals } });
    expect(await refusal(use(nameless))).toMatchObject({ message: expect.stringContaining('explicit deny') });
    await iam.send(new DeleteRolePolicyCommand({ RoleName: ROLE, PolicyName: 'guard' }));
  });

  it('is kept as it was written, until it is deleted', async () => {
    const read = () => iam.send(new GetRolePolicyCommand({ RoleName: ROLE, PolicyName: 'revoke-7' }));
    expect(decodeURIComponent((await read()).PolicyDocument ?? '')).toContain('*:ben');
    await iam.send(new DeleteRolePolicyCommand({ RoleName: ROLE, PolicyName: 'revoke-7' }));
    expect(await refusal(read())).toMatchObject({ name: 'NoSuchEntityException', status: 404 });
    const broken = new PutRolePolicyCommand({ RoleName: ROLE, PolicyName: 'x', PolicyDocument: '{' });
    expect(await refusal(iam.send(broken))).toMatchObject({ name: 'MalformedPolicyDocumentException' });
  });
});

describe('who a session says it is of', () => {
  const sourced = (SourceIdentity: string, credentials: Keys, RoleArn = ARN) =>
    new STSClient(as(credentials)).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'G1', SourceIdentity }),
    );

  it('is for the trust policy to allow, goes with the session, and cannot be changed by it', async () => {
    const principal = { AWS: [`arn:aws:iam::${ACME}:user/operator`, ARN] };
    const allow = (Action: string[]) =>
      iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: ROLE,
          PolicyDocument: document({
            Effect: 'Allow',
            Principal: principal,
            Action,
            Condition: { StringLike: { 'sts:SourceIdentity': ['ben', 'eva'] } },
          }),
        }),
      );
    await allow(['sts:AssumeRole']);
    expect(await refusal(sourced('ben', operator))).toMatchObject({ name: 'AccessDenied' });
    await allow(['sts:AssumeRole', 'sts:SetSourceIdentity']);
    expect(await refusal(sourced('ana', operator))).toMatchObject({ name: 'AccessDenied' });
    await put('only-eva', {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: {
        StringNotEquals: { 'aws:SourceIdentity': 'eva' },
        DateGreaterThan: { 'aws:CurrentTime': at(-1) },
      },
    });
    const { Credentials, SourceIdentity } = await sourced('ben', operator);
    expect(SourceIdentity).toBe('ben');
    const ben = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    expect(await refusal(use(ben))).toMatchObject({ message: expect.stringContaining('explicit deny') });
    expect(await refusal(sourced('eva', ben))).toMatchObject({ name: 'AccessDenied' });
  });
});
