import {
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ACCOUNT, group, groupsIn, REGION, type StackStage, stackStage } from './cloudformation-harness.ts';

let stage: StackStage;
beforeAll(async () => {
  stage = await stackStage();
});
afterAll(() => stage.aws.close());

it('makes a stack by a change set, with what it says', async () => {
  const template = {
    Resources: { A: group('/first/a', 30), B: group('/first/b', 30, { DependsOn: 'A' }) },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['A', 'Arn'] } }, Name: { Value: { Ref: 'B' } } },
  };
  await stage.plan('first', template, { ChangeSetType: 'CREATE' });
  const stack = await stage.execute('first');
  expect(stack.StackStatus).toBe('CREATE_COMPLETE');
  expect(stack.Outputs).toEqual([
    { OutputKey: 'Arn', OutputValue: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/first/a:*` },
    { OutputKey: 'Name', OutputValue: '/first/b' },
  ]);
  expect(await stage.events('first')).toEqual([
    'first REVIEW_IN_PROGRESS User Initiated',
    'first CREATE_IN_PROGRESS User Initiated',
    'A CREATE_IN_PROGRESS',
    'A CREATE_IN_PROGRESS Resource creation Initiated',
    'A CREATE_COMPLETE',
    'B CREATE_IN_PROGRESS',
    'B CREATE_IN_PROGRESS Resource creation Initiated',
    'B CREATE_COMPLETE',
    'first CREATE_COMPLETE',
  ]);
});

it('tells what an update changes with the values before and after, and changes it in place or by a new one', async () => {
  const Resources = { A: group('/first/a', 365), B: group('/first/c', 30, { DependsOn: 'A' }) };
  await stage.plan('first', { Resources });
  const named = { StackName: 'first', ChangeSetName: 'plan' };
  const told = await stage.client.send(
    new DescribeChangeSetCommand({ ...named, IncludePropertyValues: true }),
  );
  expect(told.Changes?.map(({ ResourceChange }) => ResourceChange)).toMatchObject([
    {
      Action: 'Modify',
      LogicalResourceId: 'A',
      PhysicalResourceId: '/first/a',
      Replacement: 'False',
      Scope: ['Properties'],
      Details: [{ Target: { Path: '/Properties/RetentionInDays', BeforeValue: '30', AfterValue: '365' } }],
      BeforeContext: '{"Properties":{"LogGroupName":"/first/a","RetentionInDays":30}}',
    },
    {
      Action: 'Modify',
      LogicalResourceId: 'B',
      Replacement: 'True',
      PolicyAction: 'ReplaceAndDelete',
      Details: [{ Target: { Name: 'LogGroupName', RequiresRecreation: 'Always' }, Evaluation: 'Static' }],
    },
  ]);
  const plain = await stage.client.send(new DescribeChangeSetCommand(named));
  expect(JSON.stringify(plain.Changes)).not.toContain('365');
  expect((await stage.execute('first')).StackStatus).toBe('UPDATE_COMPLETE');
  expect((await stage.events('first')).slice(-5)).toEqual([
    'B UPDATE_COMPLETE',
    'first UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'B DELETE_IN_PROGRESS',
    'B DELETE_COMPLETE',
    'first UPDATE_COMPLETE',
  ]);
  expect(groupsIn(stage)).toEqual({ '/first/a': 365, '/first/c': 30 });
});

it('fails a change set that changes nothing, and refuses to execute it', async () => {
  const Resources = { A: group('/first/a', 365), B: group('/first/c', 30, { DependsOn: 'A' }) };
  await stage.plan('first', { Resources });
  const named = { StackName: 'first', ChangeSetName: 'plan' };
  expect(await stage.client.send(new DescribeChangeSetCommand(named))).toMatchObject({
    Status: 'FAILED',
    StatusReason:
      "The submitted information didn't contain changes. Submit different information to create a change set.",
    ExecutionStatus: 'UNAVAILABLE',
  });
  await expect(stage.execute('first')).rejects.toThrow(
    'cannot be executed in its current status of [FAILED]',
  );
  await stage.client.send(new DeleteChangeSetCommand(named));
});

it('rolls back a creation that fails, whole, and then can only be deleted', async () => {
  const Resources = { A: group('/second/a', 30), B: group('/second/b', 31, { DependsOn: 'A' }) };
  await stage.plan('second', { Resources }, { ChangeSetType: 'CREATE' });
  const stack = await stage.execute('second');
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  const events = await stage.events('second');
  expect(events.find((one) => one.startsWith('B CREATE_FAILED'))).toContain(
    'HandlerErrorCode: InvalidRequest',
  );
  expect(events).toContain(
    'second ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [B]. Rollback requested by user.',
  );
  expect(Object.keys(groupsIn(stage))).not.toContain('/second/a');
  expect(Object.keys(groupsIn(stage))).not.toContain('/second/b');
  await expect(stage.plan('second', { Resources })).rejects.toThrow(
    'is in ROLLBACK_COMPLETE state and can not be updated.',
  );
});

it('rolls back an update that fails to what was there, and removes what was new', async () => {
  const Resources = {
    A: group('/first/a', 7),
    B: group('/first/d', 30),
    C: group('/first/e', 31, { DependsOn: ['A', 'B'] }),
  };
  await stage.plan('first', { Resources });
  expect((await stage.execute('first')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(groupsIn(stage)).toEqual({ '/first/a': 365, '/first/c': 30 });
});

it('does not replace what a template names, because its name is taken', async () => {
  const rule = (Path: string) => ({
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: {
      ManagedPolicyName: 'named',
      Path,
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
      },
    },
  });
  const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
  await stage.plan('third', { Resources: { P: rule('/a/') } }, { ChangeSetType: 'CREATE', Capabilities });
  await stage.execute('third');
  await stage.plan('third', { Resources: { P: rule('/b/') } }, { Capabilities });
  expect((await stage.execute('third')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect((await stage.events('third')).join()).toContain(
    'CloudFormation cannot update a stack when a custom-named resource requires replacing.',
  );
});

it('drops the other change sets of a stack when one is executed', async () => {
  const Resources = { A: group('/first/a', 365), B: group('/first/c', 14) };
  await stage.plan('first', { Resources }, { ChangeSetName: 'stale' });
  await stage.plan('first', { Resources });
  expect((await stage.execute('first')).StackStatus).toBe('UPDATE_COMPLETE');
  const stale = { StackName: 'first', ChangeSetName: 'stale' };
  await expect(stage.client.send(new DescribeChangeSetCommand(stale))).rejects.toThrow(
    'ChangeSet [stale] does not exist',
  );
});

it('deletes what it made, and leaves what is to be retained', async () => {
  const Resources = { A: group('/first/a', 365, { DeletionPolicy: 'Retain' }), B: group('/first/c', 14) };
  await stage.plan('first', { Resources });
  const { StackId = '' } = await stage.execute('first');
  await stage.client.send(new DeleteStackCommand({ StackName: 'first' }));
  expect((await stage.settled(StackId)).StackStatus).toBe('DELETE_COMPLETE');
  expect(groupsIn(stage)).toEqual({ '/first/a': 365 });
  await expect(stage.settled('first')).rejects.toThrow('Stack with id first does not exist');
});
