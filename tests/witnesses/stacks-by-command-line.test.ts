import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { type Command, command } from './command.ts';

jest.setTimeout(120_000); // programs of others start slowly where much else runs

const NAME = ['--stack-name', 'acme'] as const;
const PLAN = [...NAME, '--change-set-name', 'plan'] as const;

describeWith('aws', 'stacks, by the aws command line', (program) => {
  const folder = mkdtempSync(join(tmpdir(), 'stacks-'));
  let local: LocalAws;
  let aws: Command;

  beforeAll(async () => {
    local = await startLocalAws({ scale: 600, runtime: 'simulated' });
    const { accessKeyId, secretAccessKey } = local.addAccount('000011112222');
    aws = command(program, folder, {
      AWS_ENDPOINT_URL: local.url,
      AWS_REGION: 'eu-west-1',
      AWS_PAGER: '',
      AWS_MAX_ATTEMPTS: '1',
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    });
  });
  afterAll(async () => {
    await local.close();
    rmSync(folder, { recursive: true });
  });

  const told = async (...args: readonly string[]) => {
    const said = await aws(['cloudformation', ...args]);
    return said.trim() === '' ? {} : JSON.parse(said);
  };
  const refused = (...args: readonly string[]) => aws.refused(['cloudformation', ...args]);

  const templateFile = (days: number, alarm: string, more: object = {}) => {
    const Resources = {
      Logs: {
        Type: 'AWS::Logs::LogGroup',
        DeletionPolicy: 'Retain',
        Properties: { LogGroupName: '/acme', RetentionInDays: days },
      },
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          AlarmName: alarm,
          Namespace: 'Acme',
          MetricName: 'Errors',
          Statistic: 'Sum',
          Period: 60,
          EvaluationPeriods: 3,
          Threshold: 10,
          ComparisonOperator: 'GreaterThanThreshold',
          Dimensions: [{ Name: 'Group', Value: { Ref: 'Logs' } }],
        },
      },
      ...more,
    };
    const path = join(folder, 'template.json');
    writeFileSync(path, JSON.stringify({ AWSTemplateFormatVersion: '2010-09-09', Resources }));
    return `file://${path}`;
  };
  const plan = async (template: string, ...more: readonly string[]) => {
    await told('create-change-set', ...PLAN, '--template-body', template, ...more);
    for (;;) {
      const found = await told('describe-change-set', ...PLAN, '--include-property-values');
      if (!/^CREATE_(PENDING|IN_PROGRESS)$/.test(found.Status)) return found;
    }
  };
  const settled = async (stack = 'acme') => {
    for (;;) {
      const { Stacks } = await told('describe-stacks', '--stack-name', stack);
      if (!Stacks[0].StackStatus.endsWith('_IN_PROGRESS')) return Stacks[0];
    }
  };
  const execute = async () => {
    await told('execute-change-set', ...PLAN);
    return settled();
  };

  test('are made by a change set, which tells what it adds', async () => {
    const { Changes } = await plan(templateFile(30, 'errors'), '--change-set-type', 'CREATE');
    expect(Changes.map(({ ResourceChange }: { ResourceChange: object }) => ResourceChange)).toMatchObject([
      { Action: 'Add', LogicalResourceId: 'Logs', ResourceType: 'AWS::Logs::LogGroup' },
      { Action: 'Add', LogicalResourceId: 'Alarm' },
    ]);
    expect(await execute()).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  });

  test('are changed in place and by replacement, as the change set told', async () => {
    const { Changes } = await plan(templateFile(365, 'errors-of-acme'));
    expect(Changes.map(({ ResourceChange }: { ResourceChange: object }) => ResourceChange)).toMatchObject([
      {
        Replacement: 'False',
        Details: [{ Target: { Name: 'RetentionInDays', BeforeValue: '30', AfterValue: '365' } }],
      },
      { Replacement: 'True', PolicyAction: 'ReplaceAndDelete', PhysicalResourceId: 'errors' },
    ]);
    expect(await execute()).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
    const { StackResources } = await told('describe-stack-resources', ...NAME);
    expect(
      StackResources.map(({ PhysicalResourceId }: { PhysicalResourceId: string }) => PhysicalResourceId),
    ).toEqual(['/acme', 'errors-of-acme']);
  });

  test('refuse a change set without changes, and an update that their policy denies', async () => {
    expect(await plan(templateFile(365, 'errors-of-acme'))).toMatchObject({
      Status: 'FAILED',
      StatusReason: expect.stringContaining("didn't contain changes"),
    });
    await told('delete-change-set', ...PLAN);
    const Statement = [
      { Effect: 'Allow', Principal: '*', Action: 'Update:*', Resource: '*' },
      { Effect: 'Deny', Principal: '*', Action: 'Update:Modify', Resource: 'LogicalResourceId/Logs' },
    ];
    await told('set-stack-policy', ...NAME, '--stack-policy-body', JSON.stringify({ Statement }));
    await plan(templateFile(30, 'errors-of-acme'));
    expect(await execute()).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
    const { StackEvents } = await told('describe-stack-events', ...NAME);
    expect(JSON.stringify(StackEvents)).toContain('Action denied by stack policy');
  });

  test('show what was changed by hand', async () => {
    await aws(['logs', 'put-retention-policy', '--log-group-name', '/acme', '--retention-in-days', '1']);
    const { StackDriftDetectionId: id } = await told('detect-stack-drift', ...NAME);
    for (;;) {
      const found = await told('describe-stack-drift-detection-status', '--stack-drift-detection-id', id);
      if (found.DetectionStatus === 'DETECTION_IN_PROGRESS') continue;
      expect(found).toMatchObject({ StackDriftStatus: 'DRIFTED', DriftedStackResourceCount: 1 });
      break;
    }
    const { StackResourceDrifts } = await told('describe-stack-resource-drifts', ...NAME);
    expect(StackResourceDrifts[0].PropertyDifferences).toEqual([
      {
        PropertyPath: '/RetentionInDays',
        ExpectedValue: '365',
        ActualValue: '1',
        DifferenceType: 'NOT_EQUAL',
      },
    ]);
  });

  test('are rolled back whole when their creation fails', async () => {
    const broken = {
      Bucket: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'nobody-has-it', PolicyDocument: {} } },
    };
    const path = join(folder, 'broken.json');
    const Logs = { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/broken' } };
    writeFileSync(path, JSON.stringify({ Resources: { Logs, ...broken } }));
    const { StackId } = await told(
      'create-stack',
      '--stack-name',
      'broken',
      '--template-body',
      `file://${path}`,
    );
    expect(await settled(StackId)).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
    const { logGroups } = JSON.parse(await aws(['logs', 'describe-log-groups']));
    expect(logGroups.map(({ logGroupName }: { logGroupName: string }) => logGroupName)).toEqual(['/acme']);
    expect(
      await refused('update-stack', '--stack-name', 'broken', '--template-body', `file://${path}`),
    ).toContain('is in ROLLBACK_COMPLETE state and can not be updated.');
  });

  test('go, and leave what is to be retained', async () => {
    const { StackId } = await settled();
    await told('delete-stack', ...NAME);
    expect(await settled(StackId)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
    const { logGroups } = JSON.parse(await aws(['logs', 'describe-log-groups']));
    expect(logGroups).toMatchObject([{ logGroupName: '/acme' }]);
    expect(JSON.parse(await aws(['cloudwatch', 'describe-alarms']))).toMatchObject({ MetricAlarms: [] });
    expect(await refused('describe-stacks', ...NAME)).toContain('Stack with id acme does not exist');
  });
});
