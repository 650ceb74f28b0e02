import type { AccountReader } from '@tenant-delivery/provisioning/doctor/ports';
import { autoscalingRange } from '../autoscaling/range.ts';
import { cloudformationClient } from '../cloudformation/cloudformation-client.ts';
import { stackReader } from '../cloudformation/stack-reader.ts';
import { ec2Subnets } from '../ec2/subnets.ts';
import { ecrClient } from '../ecr/ecr-client.ts';
import { oneOrMissing } from '../ecs/described.ts';
import { ecsClient } from '../ecs/ecs-client.ts';
import { elbv2, identityOf } from '../elb/elbv2.ts';
import { required, translated } from '../errors/translate.ts';
import { iamReads } from '../iam/found-roles.ts';
import { kmsReads } from '../kms/found-keys.ts';
import { logGroupExists } from '../logs/group-exists.ts';
import { bucketReads } from '../s3/bucket-settings.ts';
import { quotaValues } from '../servicequotas/quota-values.ts';
import { callerIdentity } from '../session/caller-identity.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { usedIn } from './used.ts';

type WorkloadReads = Omit<
  AccountReader,
  | 'account'
  | keyof ReturnType<typeof iamReads>
  | keyof ReturnType<typeof kmsReads>
  | keyof ReturnType<typeof bucketReads>
>;

/** Everything that doctor looks at in one account and region, with one identity. `owner` must own the vault. */
export function accountReader(config: ClientConfig, owner: string): AccountReader {
  const session = { clientConfig: () => config };
  return {
    account: async () => (await callerIdentity(session, 'report')).account,
    ...iamReads(config),
    ...kmsReads(config),
    ...bucketReads(config, owner),
    ...workloadReads(config),
  };
}

function workloadReads(config: ClientConfig): WorkloadReads {
  const elb = elbv2(config);
  return {
    ...ecsReads(config),
    stack: async (name, region) =>
      (await stackReader(cloudformationClient({ ...config, region })).describe(name))?.status,
    ...ecrReads(config),
    balancer: async (name) => {
      const found = await elb.loadBalancer(name);
      if (found === undefined) return undefined;
      return { ...identityOf(found), vpc: found.VpcId, state: found.State?.Code };
    },
    listenerPorts: async (balancer) => {
      const found = await elb.listeners(balancer);
      return found.map(({ listener }) => required(listener.Port, 'Listeners[].Port'));
    },
    targetGroup: async (name) => {
      const found = await elb.targetGroup(name);
      return (
        found && {
          arn: required(found.TargetGroupArn, 'TargetGroups[0].TargetGroupArn'),
          type: required(found.TargetType, 'TargetGroups[0].TargetType'),
          vpc: found.VpcId,
          balancers: found.LoadBalancerArns ?? [], // AWS may leave it out for a group without a balancer
        }
      );
    },
    subnets: ec2Subnets(config),
    logGroup: logGroupExists(config),
    quota: quotaValues(config),
    used: usedIn(config),
    range: autoscalingRange({ clientConfig: () => config }, 'report').range,
  };
}

function ecsReads(config: ClientConfig): Pick<AccountReader, 'cluster' | 'service'> {
  const ecs = ecsClient(config);
  return {
    cluster: async (name) => {
      const sent = ecs.send((sdk) => new sdk.DescribeClustersCommand({ clusters: [name] }));
      const { clusters, failures } = await translated('ecs:DescribeClusters', sent);
      const found = oneOrMissing(clusters, failures, `the cluster ${name}`);
      return found && thingOf(found.clusterArn, found.status);
    },
    service: async (cluster, name) => {
      const sent = ecs.send((sdk) => new sdk.DescribeServicesCommand({ cluster, services: [name] }));
      const answer = await translated('ecs:DescribeServices', sent, ['ClusterNotFoundException']);
      if (answer === 'ClusterNotFoundException') return undefined;
      const found = oneOrMissing(answer.services, answer.failures, `the service ${name}`);
      return found && thingOf(found.serviceArn, found.status);
    },
  };
}

function thingOf(arn: string | undefined, status: string | undefined) {
  return { arn: required(arn, 'its ARN'), status: required(status, 'its status') };
}

/** Repositories, and the tags of whatever has an ARN of ECS or ECR. */
export function ecrReads(config: ClientConfig): Pick<AccountReader, 'repository' | 'tags'> {
  const ecr = ecrClient(config);
  const ecs = ecsClient(config);
  return {
    repository: async (name) => {
      const sent = ecr.send((sdk) => new sdk.DescribeRepositoriesCommand({ repositoryNames: [name] }));
      const answer = await translated('ecr:DescribeRepositories', sent, ['RepositoryNotFoundException']);
      if (answer === 'RepositoryNotFoundException') return undefined;
      const found = required(answer.repositories?.[0], `the repository ${name}`);
      return {
        arn: required(found.repositoryArn, 'repositories[0].repositoryArn'),
        immutable: /^IMMUTABLE/.test(
          required(found.imageTagMutability, 'repositories[0].imageTagMutability'),
        ),
      };
    },
    tags: async (resourceArn) => {
      if (/:ecr:/.test(resourceArn)) {
        const sent = ecr.send((sdk) => new sdk.ListTagsForResourceCommand({ resourceArn }));
        const { tags } = await translated('ecr:ListTagsForResource', sent);
        return Object.fromEntries(required(tags, 'tags').map(({ Key = '', Value = '' }) => [Key, Value]));
      }
      const sent = ecs.send((sdk) => new sdk.ListTagsForResourceCommand({ resourceArn }));
      const { tags } = await translated('ecs:ListTagsForResource', sent);
      return Object.fromEntries(required(tags, 'tags').map(({ key = '', value = '' }) => [key, value]));
    },
  };
}
