import { beforeAll, describe, expect, it, test } from '@jest/globals';
import { readReference } from '../src/authorization/reference.ts';
import { seedBalancer, seedTargetGroup } from '../src/balancer/seed.ts';
import { layerOf } from '../src/registry/layer.ts';
import { putManifest } from '../src/registry/put-manifest.ts';
import { ecrState } from '../src/registry/store.ts';
import { QUOTAS, type Quota, raiseQuota, withinQuota } from '../src/world/quotas.ts';
import { emptyAccount } from './a-network.ts';
import { pushLayer } from './an-image.ts';
import { ecsApi } from './ecs-api.ts';
import { manualWorld, withOrders } from './manual-world.ts';

beforeAll(readReference);

const GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** An account in which AWS grants so many of some things. */
function accountWith(quotas: Partial<Record<Quota, number>>) {
  const account = emptyAccount();
  const here = { world: account.world, account: '000011112222', region: 'eu-west-1' };
  for (const [quota, to] of Object.entries(quotas)) raiseQuota(here, quota as Quota, to); // keys of the type above
  return { ...account, here };
}

describe('a quota', () => {
  test.each(Object.entries(QUOTAS))(
    'of %s is AWS’s, until AWS gives another',
    (name, { most, page, code }) => {
      const { here } = accountWith({});
      const quota = name as Quota; // its own keys
      expect(page).toMatch(/uotas/);
      withinQuota(here, quota, most - 1);
      expect(() => withinQuota(here, quota, most)).toThrow(expect.objectContaining({ code }));
      raiseQuota(here, quota, most + 1);
      withinQuota(here, quota, most);
      expect(() => withinQuota({ ...here, region: 'eu-west-3' }, quota, most)).toThrow();
    },
  );
});

describe('one more is refused', () => {
  it('of repositories', async () => {
    const { perform } = accountWith({ repositories: 1 });
    await perform('ecr', 'CreateRepository', { repositoryName: 'acme/orders' });
    const second = perform('ecr', 'CreateRepository', { repositoryName: 'acme/billing' });
    await expect(second).rejects.toMatchObject({ code: 'LimitExceededException' });
  });

  it('of rules of a pull-through cache', async () => {
    const { perform } = accountWith({ pullThroughRules: 1 });
    const rule = (ecrRepositoryPrefix: string) =>
      perform('ecr', 'CreatePullThroughCacheRule', {
        ecrRepositoryPrefix,
        upstreamRegistryUrl: 'public.ecr.aws',
      });
    await rule('public');
    await expect(rule('again')).rejects.toMatchObject({ code: 'LimitExceededException' });
  });

  it('of images in a repository, and of tags of one image; a tag that moves is no other image', async () => {
    const { here } = accountWith({ images: 1, imageTags: 2 });
    const digest = pushLayer(here, await layerOf({ 'a.txt': 'a' }), GZIP);
    const second = await layerOf({ 'b.txt': 'b' });
    expect(() => pushLayer(here, second, GZIP)).toThrow(
      expect.objectContaining({ code: 'DENIED', status: 403 }),
    );
    const repository = ecrState(here.world, here.account, here.region).repositories['acme/orders'];
    if (repository) repository.tagMutability = 'MUTABLE';
    const { text = '', mediaType = '' } = repository?.manifests[digest] ?? {};
    const tag = (name: string) =>
      repository && putManifest(here.world, repository, name, mediaType, Buffer.from(text));
    tag('one');
    tag('two');
    tag('two');
    expect(() => tag('three')).toThrow(expect.objectContaining({ code: 'DENIED' }));
    expect(Object.keys(repository?.tags ?? {})).toEqual(['one', 'two']);
  });

  it('of alarms, but not of changes of one', async () => {
    const { perform } = accountWith({ alarms: 1 });
    const alarm = (AlarmName: string) =>
      perform('monitoring', 'PutMetricAlarm', {
        AlarmName,
        Namespace: 'AWS/ECS',
        MetricName: 'CPUUtilization',
        Statistic: 'Average',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      });
    await alarm('one');
    await alarm('one');
    await expect(alarm('two')).rejects.toMatchObject({ code: 'LimitExceeded' });
  });

  it('of topics, but the same topic is made again', async () => {
    const { perform } = accountWith({ topics: 1 });
    await perform('sns', 'CreateTopic', { Name: 'one' });
    await perform('sns', 'CreateTopic', { Name: 'one' });
    await expect(perform('sns', 'CreateTopic', { Name: 'two' })).rejects.toMatchObject({
      code: 'TopicLimitExceeded',
      status: 403,
    });
  });

  it('of stacks and of roles', async () => {
    const { perform, make, here } = accountWith({ stacks: 1 });
    const stack = (StackName: string) =>
      perform('cloudformation', 'CreateStack', {
        StackName,
        TemplateBody: JSON.stringify({
          Resources: { Wait: { Type: 'AWS::CloudFormation::WaitConditionHandle' } },
        }),
      });
    await stack('one');
    await expect(stack('two')).rejects.toMatchObject({ code: 'LimitExceededException' });
    raiseQuota({ ...here, region: '' }, 'roles', 0);
    const role = make('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
    });
    await expect(role).rejects.toMatchObject({ code: 'LimitExceeded', status: 409 });
  });

  it('of load balancers, target groups and rules, by seeds too', () => {
    const { here } = accountWith({ balancers: 1, targetGroups: 2, listenerRules: 1 });
    const { world, account, region } = here;
    const balancer = (name: string) =>
      seedBalancer(world, account, region, {
        name,
        scheme: 'internal',
        vpcId: 'vpc-1',
        subnets: [],
        securityGroups: [],
        listenerPort: 80,
      });
    const group = (name: string) =>
      seedTargetGroup(world, account, region, {
        name,
        port: 80,
        vpcId: 'vpc-1',
        healthCheck: {},
        balancer: 'acme',
        rule: { paths: [`/${name}/*`] },
      });
    balancer('acme');
    balancer('acme');
    expect(() => balancer('other')).toThrow(expect.objectContaining({ code: 'TooManyLoadBalancers' }));
    group('orders');
    expect(() => group('billing')).toThrow(expect.objectContaining({ code: 'TooManyRules' }));
    expect(() => group('third')).toThrow(expect.objectContaining({ code: 'TooManyTargetGroups' }));
  });

  it('of targets, which ECS tells in an event and tries again', async () => {
    const world = manualWorld();
    await withOrders(world);
    const api = ecsApi(world);
    raiseQuota(world.call, 'targets', 2);
    await api.release('b');
    await world.run(60);
    const said = (await api.service()).events?.map(({ message }) => message) ?? [];
    const refused =
      /failed to register targets in \(target-group .*orders.*\) with \(error The maximum number of targets/;
    expect(said.filter((message) => refused.test(message ?? ''))).toHaveLength(1);
    expect((await api.latest()).status).toBe('IN_PROGRESS');
    raiseQuota(world.call, 'targets', 10);
    await world.run(600);
    expect((await api.latest()).status).toBe('SUCCESSFUL');
  });
});
