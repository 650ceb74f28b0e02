import { CreateRepositoryCommand, PutLifecyclePolicyCommand } from '@aws-sdk/client-ecr';
import {
  DeregisterTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  TagResourceCommand,
} from '@aws-sdk/client-ecs';
import { expect } from '@jest/globals';
import { autoscalingRange } from '@tenant-delivery/aws/autoscaling/range';
import { cloudwatchAlarms } from '@tenant-delivery/aws/cloudwatch/alarms';
import { zoneNames } from '@tenant-delivery/aws/ec2/zone-names';
import { ecrLifecycle } from '@tenant-delivery/aws/ecr/lifecycle';
import { ecrRepository } from '@tenant-delivery/aws/ecr/repository';
import { ecrSettings } from '@tenant-delivery/aws/ecr/settings';
import { ecsRevisions } from '@tenant-delivery/aws/ecs/revisions';
import { ecsServices } from '@tenant-delivery/aws/ecs/services';
import { ecsTags } from '@tenant-delivery/aws/ecs/tags';
import { elbv2Targets } from '@tenant-delivery/aws/elb/targets';
import { logsTail } from '@tenant-delivery/aws/logs/tail';
import { preflightReader } from '@tenant-delivery/aws/preflight/preflight-reader';
import { ACCOUNT, type Double, type Promised, REGION, until } from '../../stage/a-double.ts';
import { groundOf } from './ground.ts';

const nameOf = (arn: string) => arn.split('/').at(-1);

async function registered({ ecs }: Double, family: string): Promise<string> {
  const container = { name: 'orders', image: 'orders:v1', memory: 256, cpu: 128, essential: true };
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      containerDefinitions: [container],
      tags: [{ key: 'td:change', value: 'chg-1' }],
    }),
  );
  return taskDefinition?.taskDefinitionArn ?? '';
}

const repositoryOf = ({ session }: Double) =>
  ecrRepository(
    { ...session, region: REGION, identity: { account: ACCOUNT, partition: 'aws', arn: '' } },
    'build',
  );

/** What a delivery reads and makes around a service. */
export const workloadSuite: readonly Promised[] = [
  {
    promise: 'revisions of a family are told, and those of a longer name are not',
    keep: async (double) => {
      const revisions = ecsRevisions(double.session, 'deploy');
      const first = await registered(double, 'suite');
      const second = await registered(double, 'suite');
      await registered(double, 'suite-more');
      const active = () => revisions.active('suite');
      await until(double, async () => (await active()).length === 2 || undefined);
      expect([...(await active())].sort()).toEqual([first, second]);
    },
  },
  {
    promise: 'a revision that was deregistered is not active',
    keep: async (double) => {
      const revisions = ecsRevisions(double.session, 'deploy');
      const first = await registered(double, 'suite-less');
      const second = await registered(double, 'suite-less');
      const active = () => revisions.active('suite-less');
      await double.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: first }));
      await until(double, async () => (await active()).length === 1 || undefined);
      expect(await active()).toEqual([second]);
    },
  },
  {
    promise: 'a task definition is told as it was registered, with its tags, and none that is not there',
    keep: async (double) => {
      const services = ecsServices(double.session, 'deploy');
      const arn = await registered(double, 'suite-told');
      const told = await until(double, () => services.taskDefinition('suite-told'));
      expect(told).toMatchObject({
        arn,
        tags: [{ key: 'td:change', value: 'chg-1' }],
        document: { family: 'suite-told', containerDefinitions: [{ name: 'orders', image: 'orders:v1' }] },
      });
      expect(await services.taskDefinition('suite-none')).toBeUndefined();
    },
  },
  {
    promise: 'a cluster is told with its tags, and no service or task that is not there',
    keep: async (double) => {
      await groundOf(double);
      const services = ecsServices(double.session, 'deploy');
      const cluster = await services.cluster('ground');
      expect(cluster).toMatchObject({ status: 'ACTIVE' });
      expect(nameOf(cluster?.arn ?? '')).toBe('ground');
      expect(await services.cluster('none')).toBeUndefined();
      expect(await services.service('ground', 'none')).toBeUndefined();
      expect(await services.service('none', 'none')).toBeUndefined();
      const resourceArn = cluster?.arn ?? '';
      await double.ecs.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'a', value: 'b' }] }));
      const tags = ecsTags(double.session, 'deploy');
      await until(double, async () => (await tags(resourceArn))['a']);
      expect(await tags(resourceArn)).toEqual({ a: 'b' });
      expect(await ecsRevisions(double.session, 'deploy').running('ground', 'suite')).toEqual([]);
      const { range } = autoscalingRange(double.session, 'deploy');
      expect(await range('ground', 'none')).toBeUndefined();
    },
  },
  {
    promise: 'an alarm is told, and none that is not there',
    keep: async (double) => {
      await groundOf(double);
      const found = await cloudwatchAlarms(double.session, 'deploy').alarms(['ground-5xx', 'absent']);
      expect(found).toMatchObject([{ name: 'ground-5xx', state: 'INSUFFICIENT_DATA' }]);
    },
  },
  {
    promise: 'a balancer is told by name and by ARN',
    keep: async (double) => {
      const { Balancer, Vpc } = await groundOf(double);
      const targets = elbv2Targets(double.session, 'deploy');
      expect(await targets.loadBalancer(Balancer)).toEqual(await targets.loadBalancer('ground-internal'));
      const reader = preflightReader(double.session, 'deploy');
      expect(await reader.balancer('ground-internal')).toMatchObject({ scheme: 'internal', vpc: Vpc });
      expect(await reader.balancer('none')).toBeUndefined();
    },
  },
  {
    promise: 'a target group is told by name and by ARN, and one without targets too',
    keep: async (double) => {
      const { Group, Vpc } = await groundOf(double);
      const targets = elbv2Targets(double.session, 'deploy');
      expect(await targets.targetGroup(Group)).toMatchObject({ arn: Group, loadBalancers: [] });
      expect(await targets.targetGroup('none')).toBeUndefined();
      expect(await targets.targets(Group)).toEqual([]);
      expect(await targets.slowStartSeconds(Group)).toBe(0);
      const reader = preflightReader(double.session, 'deploy');
      expect(await reader.targetGroups([Group, `${Group}0`])).toMatchObject([{ arn: Group, vpc: Vpc }]);
    },
  },
  {
    promise: 'zones are told by the name that the account gives them, and free addresses are counted',
    keep: async (double) => {
      const { Subnet, OtherSubnet } = await groundOf(double);
      const names = await zoneNames(double.session, 'deploy').names([Subnet, OtherSubnet]);
      expect([...names.values()].sort()).toEqual(['eu-west-1a', 'eu-west-1b']);
      const reader = preflightReader(double.session, 'deploy');
      const [subnet] = await reader.subnets([Subnet]);
      expect(subnet?.free).toBeGreaterThan(200);
      expect(subnet?.free).toBeLessThanOrEqual(251); // AWS keeps five of a /24
    },
  },
  {
    promise: 'parameters are told by name, and those that are not there are left out',
    keep: async (double) => {
      expect(await preflightReader(double.session, 'deploy').parameters(['/suite/none'])).toEqual([]);
    },
  },
  {
    promise: 'a log stream that is not there has no lines',
    keep: async (double) => {
      await groundOf(double);
      const logs = logsTail(double.session, 'deploy');
      expect(await logs.tail('/ground/orders', 'none', 10)).toBeUndefined();
      expect(await logs.tail('/ground/none', 'none', 10)).toBeUndefined();
    },
  },
  {
    promise: 'a repository is made once, with tags that do not move and its own contract',
    keep: async (double) => {
      const settings = ecrSettings(double.session);
      await settings.makeRepository('suite/made', { type: 'AES256', key: undefined }, 'acme/prod');
      await settings.makeRepository('suite/made', { type: 'AES256', key: undefined }, 'globex/prod');
      const repository = repositoryOf(double);
      expect(Object.values(await repository.ownTags('suite/made'))).toEqual(['acme/prod']);
      expect(await repository.ownTags('suite/none')).toBe('absent');
      expect(await repository.digestOf('suite/made', 'v1')).toBe('absent');
      expect(await repository.newest('suite/made', 3)).toEqual([]);
      expect(await repository.newest('suite/none', 3)).toBe('absent');
      expect(await settings.replicatedTo('suite/made')).toEqual([]);
    },
  },
  {
    promise: 'a repository without images has none, and no lifecycle policy',
    keep: async (double) => {
      await double.ecr.send(new CreateRepositoryCommand({ repositoryName: 'suite/empty' }));
      const lifecycle = ecrLifecycle(double.session, 'read');
      expect(await lifecycle.policy('suite/empty')).toBeUndefined();
      expect(await lifecycle.images('suite/empty')).toEqual([]);
    },
  },
  {
    promise: 'a lifecycle policy is told as it was put',
    keep: async (double) => {
      await groundOf(double);
      const lifecycle = ecrLifecycle(double.session, 'read');
      const selection = { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 5 };
      const rules = [{ rulePriority: 1, selection, action: { type: 'expire' } }];
      const lifecyclePolicyText = JSON.stringify({ rules });
      await double.ecr.send(
        new PutLifecyclePolicyCommand({ repositoryName: 'ground/orders', lifecyclePolicyText }),
      );
      expect(JSON.parse((await lifecycle.policy('ground/orders')) ?? '')).toEqual({ rules });
    },
  },
];
