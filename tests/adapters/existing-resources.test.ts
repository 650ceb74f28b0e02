import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { existingResources } from '@tenant-delivery/aws/cloudcontrol/existing-resources';
import { stackExecutor } from '@tenant-delivery/aws/cloudformation/stack-executor';
import { stackPlanner } from '@tenant-delivery/aws/cloudformation/stack-planner';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { seedBalancer } from '@tenant-delivery/local-aws/services/elasticloadbalancing';
import { seedLogGroup } from '@tenant-delivery/local-aws/services/logs';
import type { ExistingResources, StackExecutor, StackPlanner } from '@tenant-delivery/provisioning/ports';

const ACCOUNT = '000011112222';
const REGION = 'eu-west-1';
const GROUP = 'AWS::Logs::LogGroup';

let aws: LocalAws;
let existing: ExistingResources;
let planner: StackPlanner;
let executor: StackExecutor;
beforeAll(async () => {
  aws = await startLocalAws({ scale: 2_000, runtime: 'simulated' });
  const credentials = aws.addAccount(ACCOUNT);
  process.env['AWS_ENDPOINT_URL'] = aws.url;
  const base = { region: REGION, local: true, scale: 2_000, userAgent: 'tenant-delivery' };
  const session = {
    clientConfig: (_: string, attempts?: number) => clientConfig(base, credentials, attempts),
  };
  existing = existingResources(session, 'provision-plan', REGION);
  planner = stackPlanner(session, 'provision-plan', REGION);
  executor = stackExecutor(session, 'provision', REGION);
  seedLogGroup(aws.world, ACCOUNT, REGION, { name: '/there', retentionInDays: 7 });
});
afterAll(async () => {
  delete process.env['AWS_ENDPOINT_URL'];
  await aws.close();
});

it('reads what is there, and knows what is not there from what AWS did not say', async () => {
  expect(await existing.properties(GROUP, { LogGroupName: '/there' })).toMatchObject({ RetentionInDays: 7 });
  expect(await existing.properties(GROUP, { LogGroupName: '/nowhere' })).toBeUndefined();
  const asked = { service: 'cloudcontrolapi', operation: 'GetResource', nth: 1, times: 100 };
  aws.fail({ ...asked, kind: 'denied' });
  await expect(existing.properties(GROUP, { LogGroupName: '/there' })).rejects.toMatchObject({
    code: 'AWS_DENIED',
  });
  aws.mend();
});

it('finds a load balancer by its name, or none', async () => {
  const seed = {
    scheme: 'internal' as const,
    vpcId: 'vpc-1',
    subnets: [],
    securityGroups: [],
    listenerPort: 80,
  };
  const { arn } = seedBalancer(aws.world, ACCOUNT, REGION, { name: 'found', ...seed });
  expect(await existing.arn('load balancer', 'found')).toBe(arn);
  expect(await existing.arn('load balancer', 'lost')).toBeUndefined();
  expect(await existing.arn('target group', 'lost')).toBeUndefined();
});

it('imports by the planner, and says then which stack has it', async () => {
  expect(await existing.stackOf('/there')).toBeUndefined();
  const Group = {
    Type: GROUP,
    DeletionPolicy: 'Retain',
    Properties: { LogGroupName: '/there', RetentionInDays: 7 },
  };
  const [stack, changeSet] = ['takes', 'td-chg-1'];
  await planner.createChangeSet({
    ...{ stack, changeSet, type: 'IMPORT', parameters: {}, description: 'a trial' },
    template: JSON.stringify({ Resources: { Group } }),
    imports: [{ logicalId: 'Group', type: GROUP, identifier: { LogGroupName: '/there' } }],
    role: undefined as unknown as string, // no role: CloudFormation acts with the rights of the caller
  });
  let set = await planner.changeSet(stack, changeSet);
  while (set?.status.endsWith('_PENDING') || set?.status.endsWith('_IN_PROGRESS')) {
    await aws.clock.sleep(1_000);
    set = await planner.changeSet(stack, changeSet);
  }
  expect(set?.changes).toMatchObject([
    { action: 'Import', id: '/there', logicalId: 'Group', properties: [] },
  ]);
  expect(await executor.execute(stack, set?.id ?? '', changeSet, false)).toBe('done');
  while ((await executor.describe(stack))?.status !== 'IMPORT_COMPLETE') await aws.clock.sleep(1_000);
  expect(await existing.stackOf('/there')).toBe('takes');
});
