import {
  GetAccountSummaryCommand,
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListOpenIDConnectProvidersCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import { DescribeKeyCommand, GetKeyPolicyCommand, GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetBucketPolicyCommand, GetPublicAccessBlockCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { iamOf } from '../src/services/iam.ts';
import { kmsOf } from '../src/services/kms.ts';
import { bucketsOf } from '../src/services/s3.ts';
import { ACME, REGION, refusal, type Stage, stage, VAULT } from './acme.ts';
import { PLAN_JOB } from './an-issuer.ts';

const PROVIDER = `arn:aws:iam::${ACME}:oidc-provider/token.actions.githubusercontent.com`;

let on: Stage;
let iam: IAMClient;
let kms: KMSClient;
let s3: S3Client;
beforeAll(async () => {
  on = await stage();
  const operator = on.as(on.acme);
  [iam, kms, s3] = [new IAMClient(operator), new KMSClient(operator), new S3Client(operator)];
});
afterAll(() => on.close());

it('tells of a provider by its ARN, with the thumbprint that IAM adds by itself', async () => {
  const { OpenIDConnectProviderList } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
  expect(OpenIDConnectProviderList).toEqual([{ Arn: PROVIDER }]);
  const asked = (OpenIDConnectProviderArn: string) =>
    iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
  expect(await asked(PROVIDER)).toMatchObject({
    Url: 'token.actions.githubusercontent.com',
    ClientIDList: ['sts.amazonaws.com'],
    ThumbprintList: [expect.stringMatching(/^[0-9a-f]{40}$/)],
  });
  expect(await refusal(asked(`${PROVIDER}/other`))).toMatchObject({ name: 'NoSuchEntityException' });
});

it('lists roles below a path without the tags that only GetRole tells, and counts them against the quota', async () => {
  const { Roles = [] } = await iam.send(new ListRolesCommand({ PathPrefix: '/td/prod/tasks/' }));
  expect(Roles.map(({ RoleName }) => RoleName).sort()).toEqual([
    'acme-prod-orders-execution',
    'acme-prod-orders-task',
  ]);
  expect(Roles.every((role) => role.Tags === undefined && role.AssumeRolePolicyDocument !== undefined)).toBe(
    true,
  );
  const { SummaryMap = {} } = await iam.send(new GetAccountSummaryCommand({}));
  expect(SummaryMap).toMatchObject({
    Roles: Object.keys(iamOf(on.aws.world, ACME).roles).length,
    RolesQuota: 1000,
    AssumeRolePolicySizeQuota: 2048,
  });
});

it('tells which managed policies a role has, and what one says in its default version', async () => {
  const [boundary = ''] = Object.values(iamOf(on.aws.world, ACME).roles).flatMap(
    (role) => role.permissionsBoundary ?? [],
  );
  const role = iamOf(on.aws.world, ACME).roles['td-prod-read'];
  if (!role) throw new Error('there is no td-prod-read');
  const listed = () => iam.send(new ListAttachedRolePoliciesCommand({ RoleName: role.name }));
  expect((await listed()).AttachedPolicies).toEqual([]);
  iamOf(on.aws.world, ACME).roles[role.name] = { ...role, attached: [boundary] };
  expect((await listed()).AttachedPolicies).toEqual([
    { PolicyArn: boundary, PolicyName: boundary.split('/').at(-1) },
  ]);
  iamOf(on.aws.world, ACME).roles[role.name] = role;

  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: boundary }));
  const VersionId = Policy?.DefaultVersionId ?? '';
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn: boundary, VersionId }));
  expect(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? ''))).toMatchObject({
    Version: '2012-10-17',
  });
  for (const [arn, version] of [
    [`${boundary}-other`, VersionId],
    [boundary, 'v2'],
  ] as const)
    expect(
      await refusal(iam.send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: version }))),
    ).toMatchObject({ name: 'NoSuchEntityException' });
});

it("tells a key's policy by id or ARN, never by an alias, and shows nothing of a key that is off", async () => {
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/td/prod/build' }));
  const KeyId = KeyMetadata?.Arn ?? '';
  const { Policy = '' } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
  const { keys } = kmsOf(on.aws.world, ACME, REGION);
  const key = Object.values(keys).find(({ arn }) => arn === KeyId);
  if (!key) throw new Error('the key is gone');
  expect(JSON.parse(Policy)).toEqual(key.policy);
  expect(await refusal(kms.send(new GetKeyPolicyCommand({ KeyId: 'alias/td/prod/build' })))).toMatchObject({
    name: 'InvalidArnException',
  });
  for (const [state, name] of [
    ['Disabled', 'DisabledException'],
    ['PendingDeletion', 'KMSInvalidStateException'],
  ] as const) {
    keys[key.id] = { ...key, state };
    expect(await kms.send(new DescribeKeyCommand({ KeyId }))).toMatchObject({
      KeyMetadata: { KeyState: state, Enabled: false },
    });
    expect(await refusal(kms.send(new GetPublicKeyCommand({ KeyId })))).toMatchObject({ name });
  }
  keys[key.id] = key;
});

it("tells a bucket's policy and whether it shuts out the public", async () => {
  const policy = () => s3.send(new GetBucketPolicyCommand({ Bucket: VAULT }));
  const block = () => s3.send(new GetPublicAccessBlockCommand({ Bucket: VAULT }));
  const bucket = bucketsOf(on.aws.world)[VAULT];
  if (!bucket) throw new Error('the vault is gone');
  expect(JSON.parse((await policy()).Policy ?? '')).toEqual(bucket.policy);
  expect((await block()).PublicAccessBlockConfiguration).toMatchObject({ RestrictPublicBuckets: true });
  const { policy: _gone, ...bare } = bucket;
  bucketsOf(on.aws.world)[VAULT] = { ...bare, publicAccess: 'open' };
  expect(await refusal(policy())).toMatchObject({ name: 'NoSuchBucketPolicy' });
  expect(await refusal(block())).toMatchObject({ name: 'NoSuchPublicAccessBlockConfiguration' });
  bucketsOf(on.aws.world)[VAULT] = bucket;
});

it('asks IAM about each of them', async () => {
  const gate = on.as(await on.assume('gate', PLAN_JOB));
  const asGate = new IAMClient(gate);
  const asked = [
    () => asGate.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: PROVIDER })),
    () => asGate.send(new GetAccountSummaryCommand({})),
    () => asGate.send(new ListRolesCommand({})),
    () => asGate.send(new ListAttachedRolePoliciesCommand({ RoleName: 'td-prod-gate' })),
    () => asGate.send(new GetPolicyCommand({ PolicyArn: `arn:aws:iam::${ACME}:policy/any` })),
    () =>
      new KMSClient(gate).send(
        new GetKeyPolicyCommand({ KeyId: Object.keys(kmsOf(on.aws.world, ACME, REGION).keys)[0] }),
      ),
    () => new S3Client(gate).send(new GetBucketPolicyCommand({ Bucket: VAULT })),
    () => new S3Client(gate).send(new GetPublicAccessBlockCommand({ Bucket: VAULT })),
  ];
  for (const one of asked)
    expect(await refusal(one())).toMatchObject({ name: expect.stringMatching(/^AccessDenied/) });
});
