import { CloudControlClient, GetResourceCommand } from '@aws-sdk/client-cloudcontrol';
import { DescribeChangeSetCommand, type ResourceToImport } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { logStore } from '../src/logs/state.ts';
import { seedUser } from '../src/services/iam.ts';
import { seedLogGroup } from '../src/services/logs.ts';
import { issueKey } from '../src/world/keys.ts';
import { ACCOUNT, group, groupsIn, REGION, type StackStage, stackStage } from './cloudformation-harness.ts';

const KEPT = { DeletionPolicy: 'Retain' };
let stage: StackStage;
beforeAll(async () => {
  stage = await stackStage();
  for (const name of ['/found', '/other', '/gone'])
    seedLogGroup(stage.aws.world, ACCOUNT, REGION, { name, retentionInDays: 7 });
});
afterAll(() => stage.aws.close());

const imported = (id: string, name: string, more: Partial<ResourceToImport> = {}): ResourceToImport => ({
  LogicalResourceId: id,
  ResourceType: 'AWS::Logs::LogGroup',
  ResourceIdentifier: { LogGroupName: name },
  ...more,
});

const importing = (stack: string, template: object, ...ResourcesToImport: ResourceToImport[]) =>
  stage.plan(stack, template, { ChangeSetType: 'IMPORT', ResourcesToImport });

/** Why the change set of a stack cannot be executed. */
async function failed(StackName: string): Promise<string | undefined> {
  const found = await stage.client.send(new DescribeChangeSetCommand({ StackName, ChangeSetName: 'plan' }));
  expect(found).toMatchObject({ Status: 'FAILED', ExecutionStatus: 'UNAVAILABLE', Changes: [] });
  return found.StatusReason;
}

it('takes what is there into a stack as it is, once', async () => {
  await importing('adopted', { Resources: { A: group('/found', 30, KEPT) } }, imported('A', '/found'));
  expect((await stage.execute('adopted')).StackStatus).toBe('IMPORT_COMPLETE');
  expect(groupsIn(stage)).toMatchObject({ '/found': 7 }); // the template is not compared with what is there
  expect((await stage.drift('adopted')).status).toBe('DRIFTED');
  await importing('another', { Resources: { A: group('/found', 7, KEPT) } }, imported('A', '/found'));
  expect(await failed('another')).toMatch(/^\/found already exists in stack arn:.*stack\/adopted\//);
  await stage.plan('adopted', { Resources: { A: group('/found', 14, KEPT) } });
  expect((await stage.execute('adopted')).StackStatus).toBe('UPDATE_COMPLETE');
  expect(groupsIn(stage)).toMatchObject({ '/found': 14 });
});

it('fails a change set of what is not there, and rolls back what was there when it was planned', async () => {
  await importing('absent', { Resources: { A: group('/nowhere', 7, KEPT) } }, imported('A', '/nowhere'));
  expect(await failed('absent')).toBe(
    "Resource of type 'AWS::Logs::LogGroup' with identifier '/nowhere' was not found.",
  );
  await importing('late', { Resources: { A: group('/gone', 7, KEPT) } }, imported('A', '/gone'));
  delete logStore(stage.aws.world, ACCOUNT, REGION).groups['/gone'];
  expect((await stage.execute('late')).StackStatus).toBe('IMPORT_ROLLBACK_COMPLETE');
  seedLogGroup(stage.aws.world, ACCOUNT, REGION, { name: '/gone', retentionInDays: 7 });
  await importing('late', { Resources: { A: group('/gone', 7, KEPT) } }, imported('A', '/gone'));
  expect((await stage.execute('late')).StackStatus).toBe('IMPORT_COMPLETE');
});

it('fails an import of what another stack took since it was planned', async () => {
  seedLogGroup(stage.aws.world, ACCOUNT, REGION, { name: '/both', retentionInDays: 7 });
  for (const stack of ['first', 'second'])
    await importing(stack, { Resources: { A: group('/both', 7, KEPT) } }, imported('A', '/both'));
  expect((await stage.execute('first')).StackStatus).toBe('IMPORT_COMPLETE');
  expect((await stage.execute('second')).StackStatus).toBe('IMPORT_ROLLBACK_COMPLETE');
  expect(await stage.events('second')).toContainEqual(
    expect.stringMatching(/A IMPORT_FAILED \/both already exists in stack arn:.*stack\/first\//),
  );
});

it.each<readonly [string, object, readonly ResourceToImport[], string]>([
  ['nothing', { A: group('/other', 7, KEPT) }, [], 'Must Provide at least one resource to import'],
  [
    'what the template does not have',
    { A: group('/other', 7, KEPT) },
    [imported('B', '/other')],
    'The logical resource ids [B] provided in ResourceToImport do not exist in the template.',
  ],
  [
    'what the template has as another type',
    { A: group('/other', 7, KEPT) },
    [imported('A', '/other', { ResourceType: 'AWS::S3::Bucket' })],
    'Resource type of [A] passed in ResourceToImport does not match with resource type defined in the template. Resource type in ResourceToImport: AWS::S3::Bucket; Resource type in Template: AWS::Logs::LogGroup.',
  ],
  [
    'what the type is not known by',
    { A: group('/other', 7, KEPT) },
    [imported('A', '/other', { ResourceIdentifier: { Name: '/other' } })],
    'Invalid resource identifier for resource type AWS::Logs::LogGroup. Expected [LogGroupName]',
  ],
  [
    'what would go with its stack without a word',
    { A: group('/other', 7) },
    [imported('A', '/other')],
    'The following resources to import [A] must have DeletionPolicy attribute specified in the template.',
  ],
  [
    'one thing as two',
    { A: group('/other', 7, KEPT) },
    [imported('A', '/other'), imported('A', '/other')],
    'Every resource to import must have unique LogicalResourceId',
  ],
  [
    'and makes something',
    { A: group('/other', 7, KEPT), B: group('/new') },
    [imported('A', '/other')],
    'Resources [B] is missing from ResourceToImport list',
  ],
  [
    'a type that has no import',
    { A: { Type: 'AWS::CloudFormation::WaitConditionHandle', ...KEPT } },
    [imported('A', 'x', { ResourceType: 'AWS::CloudFormation::WaitConditionHandle' })],
    'ResourceTypes [AWS::CloudFormation::WaitConditionHandle] are not supported for Import',
  ],
])('refuses to import %s', async (_, Resources, imports, refusal) => {
  await expect(importing('refused', { Resources }, ...imports)).rejects.toThrow(refusal);
});

it('changes nothing of the stack that it imports into, its outputs neither', async () => {
  await stage.plan('made', { Resources: { M: group('/made', 7) } }, { ChangeSetType: 'CREATE' });
  await stage.execute('made');
  const both = (days: number) => ({ M: group('/made', days), A: group('/other', 7, KEPT) });
  const one = imported('A', '/other');
  await expect(importing('made', { Resources: both(30) }, one)).rejects.toThrow(
    'You have modified resources [M] in your template that are not being imported.',
  );
  await expect(importing('made', { Resources: { A: group('/other', 7, KEPT) } }, one)).rejects.toThrow(
    'You have modified resources [M]',
  );
  await expect(
    importing('made', { Resources: both(7), Outputs: { Name: { Value: { Ref: 'A' } } } }, one),
  ).rejects.toThrow('As part of the import operation, you cannot modify or add [Outputs]');
  await expect(
    importing('made', { Resources: { M: group('/made', 7, KEPT) } }, imported('M', '/made')),
  ).rejects.toThrow('Resources [M] passed in ResourceToImport are already in a stack');
  await importing('made', { Resources: both(7) }, one);
  expect((await stage.execute('made')).StackStatus).toBe('IMPORT_COMPLETE');
});

it('reads one resource as its own handler does, with the rights of the caller', async () => {
  const reader = (credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }) =>
    new CloudControlClient({ endpoint: stage.aws.url, region: REGION, credentials, maxAttempts: 1 });
  const asked = new GetResourceCommand({ TypeName: 'AWS::Logs::LogGroup', Identifier: '/other' });
  const found = await reader(stage.aws.addAccount(ACCOUNT)).send(asked);
  expect(JSON.parse(found.ResourceDescription?.Properties ?? '')).toEqual({
    LogGroupName: '/other',
    RetentionInDays: 7,
  });
  const nobody = new GetResourceCommand({ TypeName: 'AWS::Logs::LogGroup', Identifier: '/nowhere' });
  await expect(reader(stage.aws.addAccount(ACCOUNT)).send(nobody)).rejects.toThrow('was not found');
  const arn = `arn:aws:iam::${ACCOUNT}:user/reader`;
  const Statement = [{ Effect: 'Allow' as const, Action: 'cloudformation:GetResource', Resource: '*' }];
  const policies = { own: { Version: '2012-10-17', Statement } };
  seedUser(stage.aws.world, ACCOUNT, { name: 'reader', path: '/', tags: {}, policies });
  const key = issueKey(stage.aws.world, { account: ACCOUNT, arn });
  await expect(reader(key).send(asked)).rejects.toThrow('logs:DescribeLogGroups');
});
