import {
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { putRole, seedUser } from '../src/services/iam.ts';
import { ACME, refusal, type Stage, stage } from './acme.ts';

const ROLE = 'td-prod-build';
const ALLOW = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const ASSUME = { Effect: 'Allow', Principal: { AWS: ACME }, Action: 'sts:AssumeRole' };
const GITHUB = `arn:aws:iam::${ACME}:oidc-provider/token.actions.githubusercontent.com`;
const WEB = { Effect: 'Allow', Principal: { Federated: GITHUB }, Action: 'sts:AssumeRoleWithWebIdentity' };
const SUB = 'token.actions.githubusercontent.com:sub';
const ARN = /must be in ARN format/;

let on: Stage;
let iam: IAMClient;
let sts: STSClient;
beforeAll(async () => {
  on = await stage();
  iam = new IAMClient(on.as(on.acme));
  sts = new STSClient(on.as(on.acme));
  seedUser(on.aws.world, ACME, { name: 'ann' });
  putRole(on.aws.world, ACME, {
    name: 'open',
    path: '/',
    partition: 'aws',
    description: '',
    trust: { Version: '2012-10-17', Statement: { ...ASSUME, Effect: 'Allow' } },
    policies: {},
    tags: {},
    maxSessionDuration: 3_600,
  });
});
afterAll(() => on.close());

/** One statement with other members; a member that is undefined is left out. */
const of = (base: object, more: object, document: object = {}) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ ...base, ...more }], ...document });

describe('permissions are refused in IAM’s words when', () => {
  it.each<[string, string, RegExp]>([
    ['a statement is a text', of(ALLOW, {}, { Statement: ['Allow'] }), /^Syntax errors/],
    ['the id is a number', of(ALLOW, {}, { Id: 7 }), /^Syntax errors/],
    ['a Sid is a number', of(ALLOW, { Sid: 7 }), /^Syntax errors/],
    ['the conditions are a list', of(ALLOW, { Condition: [] }), /^Syntax errors/],
    ['they are no JSON', '{"Version":', /^Syntax errors/],
    [
      'a key is there twice',
      '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}]}',
      /^Syntax errors/,
    ],
    ['the version is none', of(ALLOW, {}, { Version: '2012-10-18' }), /^Syntax errors/],
    ['there is no statement', of(ALLOW, {}, { Statement: undefined }), /^Syntax errors/],
    ['the list of statements is empty', of(ALLOW, {}, { Statement: [] }), /^Syntax errors/],
    ['a top element is not known', of(ALLOW, {}, { Comment: 'x' }), /^Syntax errors/],
    ['an element is not known', of(ALLOW, { Conditions: {} }), /^Syntax errors/],
    ['the effect is missing', of(ALLOW, { Effect: undefined }), /^Syntax errors/],
    ['the effect is in lower case', of(ALLOW, { Effect: 'allow' }), /^Syntax errors/],
    ['Action and NotAction are there', of(ALLOW, { NotAction: 's3:*' }), /^Syntax errors/],
    ['Resource and NotResource are there', of(ALLOW, { NotResource: '*' }), /^Syntax errors/],
    ['an action is a number', of(ALLOW, { Action: [7] }), /^Syntax errors/],
    ['there is no action', of(ALLOW, { Action: undefined }), /must contain actions/],
    ['the list of actions is empty', of(ALLOW, { Action: [] }), /must contain actions/],
    ['an action has no service', of(ALLOW, { Action: 'GetObject' }), /prefaced by a vendor/],
    ['an action has two colons', of(ALLOW, { Action: 's3:Get:Object' }), /only one colon/],
    [
      'an action has a service with a wildcard',
      of(ALLOW, { Action: 's*:GetObject' }),
      /^Vendor s\* is not valid/,
    ],
    ['there is no resource', of(ALLOW, { Resource: undefined }), /must contain resources/],
    ['the list of resources is empty', of(ALLOW, { Resource: [] }), /must contain resources/],
    ['a resource is no ARN', of(ALLOW, { Resource: 'my-bucket' }), ARN],
    [
      'a resource has another partition',
      of(ALLOW, { Resource: 'arn:amazon:s3:::b' }),
      /^Partition "amazon" is not valid/,
    ],
    [
      'a resource ends too soon',
      of(ALLOW, { Resource: 'arn:aws:s3' }),
      /^Resource vendor must be fully qualified/,
    ],
    ['a resource has a wildcard for a service', of(ALLOW, { Resource: 'arn:aws:*:::b' }), /^Resource vendor/],
    ['a bucket has a region', of(ALLOW, { Resource: 'arn:aws:s3:eu-west-1::b' }), /can not contain region/],
    [
      'a role has a region',
      of(ALLOW, { Resource: `arn:aws:iam:eu-west-1:${ACME}:role/r` }),
      /cannot contain region/,
    ],
    ['something of IAM has no kind', of(ALLOW, { Resource: `arn:aws:iam::${ACME}:r` }), /^IAM resource path/],
    ['they name a principal', of(ALLOW, { Principal: '*' }), /should not specify a principal/],
    ['a Sid has a space', of(ALLOW, { Sid: 'Read it' }), /must be alpha-numeric/],
    [
      'a Sid is there twice',
      of(
        ALLOW,
        {},
        {
          Statement: [
            { Sid: 'A', ...ALLOW },
            { Sid: 'A', ...ALLOW },
          ],
        },
      ),
      /must be unique/,
    ],
    [
      'an operator is not known',
      of(ALLOW, { Condition: { StringMatches: { 'aws:a': 'b' } } }),
      /^Syntax errors/,
    ],
    [
      'an operator is in lower case',
      of(ALLOW, { Condition: { stringEquals: { 'aws:a': 'b' } } }),
      /^Syntax errors/,
    ],
    ['a condition has no operator', of(ALLOW, { Condition: { 'aws:a': 'b' } }), /^Syntax errors/],
    [
      'Null asks if it exists',
      of(ALLOW, { Condition: { NullIfExists: { 'aws:a': 'true' } } }),
      /^Syntax errors/,
    ],
    [
      'a condition key has no service',
      of(ALLOW, { Condition: { StringEquals: { username: 'b' } } }),
      /prefaced by a vendor/,
    ],
    [
      'a date is none',
      of(ALLOW, { Condition: { DateLessThan: { 'aws:CurrentTime': 'soon' } } }),
      /legacy parsing/,
    ],
  ])('%s', async (_, PolicyDocument, message) => {
    const wanted = {
      name: 'MalformedPolicyDocumentException',
      message: expect.stringMatching(message),
      status: 400,
    };
    const put = new PutRolePolicyCommand({ RoleName: ROLE, PolicyName: 'p', PolicyDocument });
    expect(await refusal(iam.send(put))).toEqual(wanted);
    const user = new PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'p', PolicyDocument });
    expect(await refusal(iam.send(user))).toEqual(wanted);
    const session = new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${ACME}:role/open`,
      RoleSessionName: 'session',
      Policy: PolicyDocument,
    });
    expect(await refusal(sts.send(session))).toEqual(wanted);
  });

  it.each<[string, string]>([
    ['one statement, no list', JSON.stringify({ Version: '2012-10-17', Statement: ALLOW })],
    ['no version', JSON.stringify({ Statement: [ALLOW] })],
    ['an access point', of(ALLOW, { Resource: `arn:aws:s3:eu-west-1:${ACME}:accesspoint/a/object/*` })],
    ['a variable', of(ALLOW, { Resource: 'arn:aws:iam::${aws:PrincipalAccount}:role/${aws:username}' })],
    [
      'every operator with its forms',
      of(ALLOW, {
        Condition: {
          'ForAllValues:StringNotLikeIfExists': { 'aws:a': [] },
          Null: { 'aws:b': true },
          DateLessThan: { 'aws:CurrentTime': '2026-12-01T00:00:00Z' },
          NumericLessThan: { 's3:max-keys': 10 },
        },
      }),
    ],
    ['an action that nobody knows', of(ALLOW, { Action: 'nothing:DoIt' })],
  ])('but not for %s', async (_, PolicyDocument) => {
    await iam.send(new PutRolePolicyCommand({ RoleName: ROLE, PolicyName: 'p', PolicyDocument }));
  });
});

describe('a trust policy is refused in IAM’s words when', () => {
  it.each<[string, string, string | RegExp]>([
    ['it is no JSON', '{', 'This policy contains invalid Json'],
    ['an element is not known', of(ASSUME, {}, { statement: [] }), 'Unknown field statement'],
    [
      'there is no statement in it',
      of(ASSUME, {}, { Statement: [] }),
      'Could not parse the policy: Statement is empty!',
    ],
    ['its principal is a text', of(ASSUME, { Principal: ACME }), 'Syntax errors in policy.'],
    ['nobody is named', of(ASSUME, { Principal: undefined }), 'Missing required field Principal'],
    [
      'the principal is empty',
      of(ASSUME, { Principal: {} }),
      'Missing required field Principal cannot be empty!',
    ],
    ['it has a resource', of(ASSUME, { Resource: '*' }), 'Has prohibited field Resource'],
    ['it has NotResource', of(ASSUME, { NotResource: '*' }), 'AssumeRole policy must not contain resources.'],
    [
      'it lets in all but one',
      of(ASSUME, { Principal: undefined, NotPrincipal: { AWS: ACME } }),
      'Allow with NotPrincipal is not allowed.',
    ],
    [
      'it allows all',
      of(ASSUME, { Action: '*' }),
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    [
      'it allows an action of S3',
      of(ASSUME, { Action: 's3:GetObject' }),
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    [
      'its role does not exist',
      of(ASSUME, { Principal: { AWS: `arn:aws:iam::${ACME}:role/nobody` } }),
      `Invalid principal in policy: "AWS":"arn:aws:iam::${ACME}:role/nobody"`,
    ],
    [
      'its account has eleven digits',
      of(ASSUME, { Principal: { AWS: '12345678901' } }),
      'Invalid principal in policy: "AWS":"12345678901"',
    ],
    [
      'it names roles by a wildcard',
      of(ASSUME, { Principal: { AWS: `arn:aws:iam::${ACME}:role/*` } }),
      /^Invalid principal/,
    ],
    [
      'it names a group',
      of(ASSUME, { Principal: { AWS: `arn:aws:iam::${ACME}:group/g` } }),
      /^Invalid principal/,
    ],
    [
      'its service has no domain',
      of(ASSUME, { Principal: { Service: 'ecs-tasks' } }),
      'Invalid principal in policy: "SERVICE":"ecs-tasks"',
    ],
    [
      'its provider is a URL',
      of(WEB, { Principal: { Federated: 'https://token.actions.githubusercontent.com' } }),
      /^Invalid principal in policy: "FEDERATED"/,
    ],
    ['a type of principals is not known', of(ASSUME, { Principal: { User: 'x' } }), /^Invalid principal/],
    ['a type has the name of a member', of(ASSUME, { Principal: { valueOf: 'x' } }), /^Invalid principal/],
    [
      'it trusts all of GitHub',
      of(WEB, {}),
      /^Trust policy with trusted principal .* which is not scoped to all\.$/,
    ],
    ['it trusts every subject', of(WEB, { Condition: { StringLike: { [SUB]: '*' } } }), /not scoped to all/],
    [
      'it trusts any repository with an owner',
      of(WEB, {
        Condition: { StringEquals: { 'token.actions.githubusercontent.com:repository_owner': 'acme' } },
      }),
      /not scoped to all/,
    ],
  ])('%s', async (_, PolicyDocument, message) => {
    const update = new UpdateAssumeRolePolicyCommand({ RoleName: ROLE, PolicyDocument });
    expect(await refusal(iam.send(update))).toEqual({
      name: 'MalformedPolicyDocumentException',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
      status: 400,
    });
  });

  it.each<[string, string]>([
    ['everybody', of(ASSUME, { Principal: { AWS: '*' } })],
    [
      'a service and an account',
      of(ASSUME, {
        Principal: {
          Service: ['ecs-tasks.amazonaws.com', 'delivery.logs.amazonaws.com'],
          AWS: `arn:aws:iam::${ACME}:root`,
        },
      }),
    ],
    ['all but one denied', of(ASSUME, { Effect: 'Deny', Principal: undefined, NotPrincipal: { AWS: ACME } })],
    ['the subjects of one owner', of(WEB, { Condition: { StringLike: { [SUB]: 'repo:acme/*' } } })],
    [
      'tags and a source identity',
      of(ASSUME, { Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'] }),
    ],
  ])('but not for %s', async (_, PolicyDocument) => {
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: ROLE, PolicyDocument }));
  });
});

describe('tags of IAM', () => {
  it('have keys that are not case-sensitive', async () => {
    const tag = (...keys: string[]) =>
      iam.send(new TagRoleCommand({ RoleName: ROLE, Tags: keys.map((Key) => ({ Key, Value: Key })) }));
    expect(await refusal(tag('Team', 'team'))).toMatchObject({ name: 'InvalidInputException' });
    expect(await refusal(tag('aws:team'))).toMatchObject({ name: 'InvalidInputException' });
    await tag('team');
    await tag('TEAM');
    const { roles } = on.aws.world.state<{ roles: Record<string, { tags: object }> }>(
      'iam',
      ACME,
      '',
      () => ({ roles: {} }),
    );
    expect(Object.keys(roles[ROLE]?.tags ?? {}).filter((key) => key.toLowerCase() === 'team')).toEqual([
      'TEAM',
    ]);
  });
});
