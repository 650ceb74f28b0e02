import { balancerStore } from '@tenant-delivery/local-aws/balancer/store';
import { ecsStore } from '@tenant-delivery/local-aws/ecs/store';
import { logStore } from '@tenant-delivery/local-aws/logs/state';
import { scalableTargetsOf } from '@tenant-delivery/local-aws/services/application-autoscaling';
import { ec2Of } from '@tenant-delivery/local-aws/services/ec2';
import { ecrState } from '@tenant-delivery/local-aws/services/ecr';
import type { LocalPlatform } from '@tenant-delivery/local-platform';
import { ORDERS } from '../acme.ts';
import { type Breakage, put } from './breakage.ts';

const { account, region } = ORDERS;
const TAG = 'tenant-delivery:contract';

const ecsTags = (arn: string) => (platform: LocalPlatform) =>
  put(ecsStore(platform.aws.world, account, region).tags, arn, (own) => ({ ...own, [TAG]: 'globex/prod' }));

/** What services run in: cluster, balancer, repositories, subnets. */
export const OF_THE_WORKLOAD: readonly Breakage[] = [
  {
    what: 'the cluster is gone, and every service with it',
    breaks: ({ aws }) => put(ecsStore(aws.world, account, region).clusters, 'acme-prod', () => undefined),
    wrong: { cluster: 'aws ecs create-cluster --region eu-west-1', 'service/orders': 'provision.yml' },
  },
  {
    what: 'a log group is gone',
    breaks: ({ aws }) =>
      put(logStore(aws.world, account, region).groups, '/td/acme/prod/orders', () => undefined),
    wrong: { 'service/orders/log-group': 'aws logs create-log-group --region eu-west-1' },
  },
  {
    what: 'the cluster is tagged for another tenant',
    breaks: ecsTags(`arn:aws:ecs:${region}:${account}:cluster/acme-prod`),
    wrong: { 'cluster/tags': 'aws ecs tag-resource --region eu-west-1' },
  },
  {
    what: 'a service is tagged for another tenant',
    breaks: ecsTags(`arn:aws:ecs:${region}:${account}:service/acme-prod/orders`),
    wrong: { 'service/orders/tags': 'tags key=tenant-delivery:contract,value=acme/prod' },
  },
  {
    what: 'a service is gone',
    breaks: ({ aws }) =>
      put(ecsStore(aws.world, account, region).services, 'acme-prod/orders', () => undefined),
    wrong: { 'service/orders': 'provision.yml' },
  },
  {
    what: 'the balancer faces the internet',
    breaks: ({ aws }) =>
      put(balancerStore(aws.world, account, region).balancers, 'acme-prod-internal', (own) => ({
        ...own,
        scheme: 'internet-facing' as const,
      })),
    wrong: { balancer: 'Make another one' },
  },
  {
    what: 'the balancer listens on another port',
    breaks: ({ aws }) =>
      put(balancerStore(aws.world, account, region).balancers, 'acme-prod-internal', (own) => ({
        ...own,
        listeners: own.listeners.map((listener) => ({ ...listener, port: 8443 })),
      })),
    wrong: { 'balancer/listener': 'provision.yml' },
  },
  {
    what: 'a target group is in another VPC',
    breaks: ({ aws }) =>
      put(balancerStore(aws.world, account, region).targetGroups, 'acme-prod-orders', (own) => ({
        ...own,
        vpcId: 'vpc-0other',
      })),
    wrong: { 'service/orders/target-group': 'Make another one' },
  },
  {
    what: 'a subnet is gone',
    breaks: ({ aws }) =>
      put(ec2Of(aws.world, account, region).subnets, 'subnet-0acme0edge0000002', () => undefined),
    wrong: { 'layer/edge': 'aws ec2 describe-subnets --region eu-west-1' },
  },
  {
    what: 'a service may run away',
    breaks: ({ aws }) =>
      put(scalableTargetsOf(aws.world, account, region), 'service/acme-prod/orders', (own) => ({
        ...own,
        maximum: 600,
      })),
    wrong: { 'service/orders/scaling': '--min-capacity 2 --max-capacity 6' },
  },
  {
    what: 'tags of images can be moved',
    breaks: ({ aws }) =>
      put(ecrState(aws.world, account, region).repositories, 'acme/orders', (own) => ({
        ...own,
        tagMutability: 'MUTABLE' as const,
      })),
    wrong: { 'service/orders/repository': 'aws ecr put-image-tag-mutability' },
  },
  {
    what: 'a repository is not tagged',
    breaks: ({ aws }) =>
      put(ecrState(aws.world, account, region).repositories, 'acme/orders', (own) => ({
        ...own,
        resourceTags: {},
      })),
    wrong: { 'service/orders/repository/tags': 'aws ecr tag-resource --region eu-west-1' },
  },
];
