import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CloudWatchLogsClient,
  DeleteLogGroupCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startLocalAws } from '../src/index.ts';
import { seedUser } from '../src/services/iam.ts';
import { issueKey } from '../src/world/keys.ts';
import { ACCOUNT, group, REGION, type StackStage, stackStage } from './cloudformation-harness.ts';

let stage: StackStage;
beforeAll(async () => {
  stage = await stackStage();
});
afterAll(() => stage.aws.close());

it('tells what was changed and deleted by hand since', async () => {
  const Resources = { A: group('/drift/a', 30), B: group('/drift/b', 30), C: group('/drift/c') };
  await stage.plan('drift', { Resources }, { ChangeSetType: 'CREATE' });
  await stage.execute('drift');
  expect((await stage.drift('drift')).status).toBe('IN_SYNC');
  const logs = new CloudWatchLogsClient({
    endpoint: stage.aws.url,
    region: REGION,
    credentials: stage.aws.addAccount(ACCOUNT, 'somebody'),
  });
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: '/drift/a', retentionInDays: 1 }));
  await logs.send(new DeleteLogGroupCommand({ logGroupName: '/drift/b' }));
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: '/drift/c', retentionInDays: 1 })); // the template says nothing of it
  const { status, drifts } = await stage.drift('drift');
  expect(status).toBe('DRIFTED');
  expect(drifts).toMatchObject([
    {
      LogicalResourceId: 'A',
      StackResourceDriftStatus: 'MODIFIED',
      PropertyDifferences: [
        {
          PropertyPath: '/RetentionInDays',
          ExpectedValue: '30',
          ActualValue: '1',
          DifferenceType: 'NOT_EQUAL',
        },
      ],
    },
    { LogicalResourceId: 'B', StackResourceDriftStatus: 'DELETED' },
    { LogicalResourceId: 'C', StackResourceDriftStatus: 'IN_SYNC' },
  ]);
});

it('lets a caller make change sets of the names alone that IAM gives them', async () => {
  const arn = `arn:aws:iam::${ACCOUNT}:user/planner`;
  seedUser(stage.aws.world, ACCOUNT, {
    name: 'planner',
    path: '/',
    tags: {},
    policies: {
      own: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'cloudformation:CreateChangeSet',
            Resource: `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/td-*`,
            Condition: { StringLike: { 'cloudformation:ChangeSetName': 'td-*' } },
          },
        ],
      },
    },
  });
  const { accessKeyId, secretAccessKey } = issueKey(stage.aws.world, { account: ACCOUNT, arn });
  const planner = clientOf(stage.aws.url, { accessKeyId, secretAccessKey });
  const create = (StackName: string, ChangeSetName: string, RoleARN?: string) =>
    planner.send(
      new CreateChangeSetCommand({
        StackName,
        ChangeSetName,
        ChangeSetType: 'CREATE',
        TemplateBody: JSON.stringify({ Resources: { A: group('/p') } }),
        RoleARN,
      }),
    );
  await create('td-one', 'td-plan');
  await expect(create('td-two', 'plan')).rejects.toThrow(
    'not authorized to perform: cloudformation:CreateChangeSet',
  );
  await expect(create('other', 'td-plan')).rejects.toThrow(
    'not authorized to perform: cloudformation:CreateChangeSet',
  );
  const role = `arn:aws:iam::${ACCOUNT}:role/td/some`;
  await expect(create('td-two', 'td-plan', role)).rejects.toThrow(
    `not authorized to perform: iam:PassRole on resource: ${role}`,
  );
});

it('asks in the name of its caller, so that a policy can allow a thing through stacks alone', async () => {
  const viaStacks = { 'ForAnyValue:StringEquals': { 'aws:CalledVia': ['cloudformation.amazonaws.com'] } };
  seedUser(stage.aws.world, ACCOUNT, {
    name: 'through-stacks',
    path: '/',
    tags: {},
    policies: {
      own: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 'cloudformation:*', Resource: '*' },
          { Effect: 'Allow', Action: 'logs:*', Resource: '*', Condition: viaStacks },
        ],
      },
    },
  });
  const arn = `arn:aws:iam::${ACCOUNT}:user/through-stacks`;
  const credentials = issueKey(stage.aws.world, { account: ACCOUNT, arn });
  const TemplateBody = JSON.stringify({ Resources: { A: group('/through/a', 30) } });
  const client = clientOf(stage.aws.url, credentials);
  await client.send(new CreateStackCommand({ StackName: 'through', TemplateBody }));
  expect((await stage.settled('through')).StackStatus).toBe('CREATE_COMPLETE');
  const logs = new CloudWatchLogsClient({
    endpoint: stage.aws.url,
    region: REGION,
    credentials,
    maxAttempts: 1,
  });
  await expect(logs.send(new DeleteLogGroupCommand({ logGroupName: '/through/a' }))).rejects.toThrow(
    'not authorized to perform: logs:DeleteLogGroup',
  );
});

it('goes on after a restart with what was in progress', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'stacks-'));
  const options = { directory, runtime: 'simulated', scale: 20 } as const;
  const first = await startLocalAws(options);
  const credentials = first.addAccount(ACCOUNT);
  const Resources = { A: group('/again/a'), B: group('/again/b', 30, { DependsOn: 'A' }) };
  const TemplateBody = JSON.stringify({ Resources });
  await clientOf(first.url, credentials).send(new CreateStackCommand({ StackName: 'again', TemplateBody }));
  await first.close();
  const second = await startLocalAws({ ...options, scale: 2_000 });
  try {
    const client = clientOf(second.url, credentials);
    const statusOf = async () =>
      (await client.send(new DescribeStacksCommand({ StackName: 'again' }))).Stacks?.[0]?.StackStatus;
    for (let looks = 0; looks < 500 && (await statusOf()) === 'CREATE_IN_PROGRESS'; looks += 1)
      await second.clock.sleep(2_000);
    expect(await statusOf()).toBe('CREATE_COMPLETE');
  } finally {
    await second.close();
  }
});

function clientOf(
  endpoint: string,
  credentials: { readonly accessKeyId: string; readonly secretAccessKey: string },
) {
  return new CloudFormationClient({ endpoint, region: REGION, credentials, maxAttempts: 1 });
}
