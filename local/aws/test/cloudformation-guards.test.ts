import {
  CancelUpdateStackCommand,
  ContinueUpdateRollbackCommand,
  CreateChangeSetCommand,
  DeleteStackCommand,
  SetStackPolicyCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { putRole } from '../src/services/iam.ts';
import { putBucket } from '../src/services/s3.ts';
import { ACCOUNT, group, groupsIn, REGION, type StackStage, stackStage } from './cloudformation-harness.ts';

let stage: StackStage;
beforeAll(async () => {
  stage = await stackStage();
});
afterAll(() => stage.aws.close());

const make = async (name: string, Resources: object, more = {}) => {
  await stage.plan(name, { Resources }, { ChangeSetType: 'CREATE', ...more });
  return stage.execute(name);
};
const change = async (name: string, Resources: object) => {
  await stage.plan(name, { Resources });
  return stage.execute(name);
};
const setPolicy = (StackName: string, ...Statement: readonly object[]) =>
  stage.client.send(new SetStackPolicyCommand({ StackName, StackPolicyBody: JSON.stringify({ Statement }) }));

describe('a stack policy', () => {
  const all = { Effect: 'Allow', Principal: '*', Action: 'Update:*', Resource: '*' };

  it('keeps a resource from being replaced or deleted by its type, and lets it be changed', async () => {
    await make('kept', { A: group('/kept/a', 30), B: group('/kept/b', 30) });
    const Condition = { StringEquals: { ResourceType: ['AWS::Logs::LogGroup'] } };
    const Action = ['Update:Replace', 'Update:Delete'];
    await setPolicy('kept', all, { Effect: 'Deny', Principal: '*', Action, Resource: '*', Condition });
    expect((await change('kept', { A: group('/kept/a', 60), B: group('/kept/b', 30) })).StackStatus).toBe(
      'UPDATE_COMPLETE',
    );
    const replaced = await change('kept', { A: group('/kept/other', 60), B: group('/kept/b', 30) });
    expect(replaced.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await stage.events('kept')).toContain(
      'A UPDATE_FAILED Action denied by stack policy: Statement [#2] does not allow [Update:Replace] for resource [A]',
    );
    expect((await change('kept', { A: group('/kept/a', 60) })).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(groupsIn(stage)).toMatchObject({ '/kept/a': 60, '/kept/b': 30 });
  });

  it('denies what it does not name', async () => {
    await make('named', { A: group('/named/a', 30), B: group('/named/b', 30) });
    await setPolicy('named', { ...all, Resource: 'LogicalResourceId/A' });
    expect((await change('named', { A: group('/named/a', 60), B: group('/named/b', 30) })).StackStatus).toBe(
      'UPDATE_COMPLETE',
    );
    const refused = await change('named', { A: group('/named/a', 60), B: group('/named/b', 60) });
    expect(refused.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(groupsIn(stage)).toMatchObject({ '/named/a': 60, '/named/b': 30 });
  });

  it('is refused where it is none', async () => {
    await expect(setPolicy('named', { ...all, Action: 'Update:Everything' })).rejects.toThrow(
      'Error validating stack policy',
    );
  });
});

describe('a service role', () => {
  const trust = (service: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow' as const, Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });
  const role = (name: string, service: string, ...actions: readonly string[]) =>
    putRole(stage.aws.world, ACCOUNT, {
      name,
      path: '/td/',
      description: '',
      trust: trust(service),
      policies: {
        own: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] },
      },
      tags: {},
      maxSessionDuration: 3_600,
      partition: 'aws',
    }).arn;

  it('is what acts, and what it may not do fails the stack', async () => {
    const RoleARN = role(
      'makes-groups',
      'cloudformation.amazonaws.com',
      'logs:CreateLogGroup',
      'logs:DeleteLogGroup',
    );
    const stack = await make('acted', { A: group('/acted/a', 30) }, { RoleARN });
    expect(stack).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE', RoleARN });
    const failed = (await stage.events('acted')).find((one) => one.startsWith('A CREATE_FAILED'));
    expect(failed).toContain(
      'User: arn:aws:sts::000011112222:assumed-role/makes-groups/AWSCloudFormation is not authorized to perform: logs:PutRetentionPolicy',
    );
  });

  it('must be one that CloudFormation may assume', async () => {
    const RoleARN = role('of-tasks', 'ecs-tasks.amazonaws.com');
    await expect(make('not-acted', { A: group('/x') }, { RoleARN })).rejects.toThrow(
      'is invalid or cannot be assumed',
    );
  });

  it('that cannot take a change back leaves UPDATE_ROLLBACK_FAILED, and the rollback goes on without that resource', async () => {
    const may = [
      'logs:CreateLogGroup',
      'logs:DeleteLogGroup',
      'logs:PutRetentionPolicy',
      'logs:DeleteRetentionPolicy',
    ];
    const RoleARN = role('narrow', 'cloudformation.amazonaws.com', ...may);
    await make('stuck', { A: group('/stuck/a') }, { RoleARN });
    role('narrow', 'cloudformation.amazonaws.com', ...may.slice(0, 3));
    const stuck = await change('stuck', {
      A: group('/stuck/a', 30),
      B: group('/stuck/b', 31, { DependsOn: 'A' }),
    });
    expect(stuck.StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
    await expect(stage.plan('stuck', { Resources: { A: group('/stuck/a', 30) } })).rejects.toThrow(
      'is in UPDATE_ROLLBACK_FAILED state and can not be updated.',
    );
    await stage.client.send(
      new ContinueUpdateRollbackCommand({ StackName: 'stuck', ResourcesToSkip: ['A'] }),
    );
    expect((await stage.settled('stuck')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(Object.keys(groupsIn(stage))).not.toContain('/stuck/b');
  });
});

describe('deletion', () => {
  it('is refused while the stack is protected', async () => {
    const StackName = 'protected';
    await make(StackName, { A: group('/protected/a') });
    const protect = (EnableTerminationProtection: boolean) =>
      stage.client.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection }));
    await protect(true);
    await expect(stage.client.send(new DeleteStackCommand({ StackName }))).rejects.toThrow(
      'Stack [protected] cannot be deleted while TerminationProtection is enabled',
    );
    await protect(false);
    await stage.client.send(new DeleteStackCommand({ StackName }));
  });

  it('fails at what cannot go, and then leaves it where that is asked for', async () => {
    const Bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'full' } };
    const { StackId = '' } = await make('full', { A: group('/full/a'), Bucket });
    const bucket = putBucket(stage.aws.world, {
      name: 'full',
      account: ACCOUNT,
      region: REGION,
      versioned: false,
    });
    bucket.objects['one'] = [];
    const remove = (RetainResources: string[] = []) =>
      stage.client.send(new DeleteStackCommand({ StackName: 'full', RetainResources }));
    await expect(remove(['Bucket'])).rejects.toThrow('only when the stack is in the DELETE_FAILED state');
    await remove();
    expect((await stage.settled(StackId)).StackStatus).toBe('DELETE_FAILED');
    expect(Object.keys(groupsIn(stage))).not.toContain('/full/a');
    await remove(['Bucket']);
    expect((await stage.settled(StackId)).StackStatus).toBe('DELETE_COMPLETE');
  });
});

it('takes a second change set of one name only with the token of the first', async () => {
  const given = {
    StackName: 'twice',
    ChangeSetName: 'plan',
    ChangeSetType: 'CREATE' as const,
    TemplateBody: JSON.stringify({ Resources: { A: group('/twice/a') } }),
  };
  const create = (ClientToken: string) =>
    stage.client.send(new CreateChangeSetCommand({ ...given, ClientToken }));
  const { Id } = await create('first');
  expect(await create('first')).toMatchObject({ Id });
  await expect(create('second')).rejects.toThrow('ChangeSet plan already exists');
});

it('rolls back an update that somebody cancels', async () => {
  const slow = await stackStage({ scale: 40 });
  try {
    const chain = (days: number) => ({
      A: group('/slow/a', days),
      B: group('/slow/b', days, { DependsOn: 'A' }),
      C: group('/slow/c', days, { DependsOn: 'B' }),
    });
    await slow.plan('slow', { Resources: chain(30) }, { ChangeSetType: 'CREATE' });
    await slow.execute('slow');
    const cancel = () => slow.client.send(new CancelUpdateStackCommand({ StackName: 'slow' }));
    await expect(cancel()).rejects.toThrow('CancelUpdateStack cannot be called from current stack status');
    await slow.plan('slow', { Resources: chain(60) });
    const updated = slow.execute('slow');
    while (groupsIn(slow)['/slow/a'] !== 60) await slow.aws.clock.sleep(200);
    await cancel();
    expect((await updated).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(groupsIn(slow)).toMatchObject({ '/slow/a': 30, '/slow/b': 30, '/slow/c': 30 });
  } finally {
    await slow.aws.close();
  }
});
