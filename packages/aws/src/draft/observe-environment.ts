import type { Service } from '@aws-sdk/client-ecs';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { ROLES } from '@tenant-delivery/domain';
import type { Wanted } from '@tenant-delivery/provisioning/draft/draft-contract';
import type {
  Observed,
  ObservedBalancer,
  ObservedService,
} from '@tenant-delivery/provisioning/draft/observed';
import { CONTRACT_TAG } from '@tenant-delivery/tenancy/contract-tag';
import { roleName, vaultBucket } from '@tenant-delivery/tenancy/derived-names';
import { autoscalingRange } from '../autoscaling/range.ts';
import { ecrReads } from '../doctor/account-reader.ts';
import { partsOfVpc } from '../ec2/vpc-parts.ts';
import { type ClusterReader, ecsCluster } from '../ecs/cluster.ts';
import { elbv2, identityOf } from '../elb/elbv2.ts';
import { required } from '../errors/translate.ts';
import { iamReads } from '../iam/found-roles.ts';
import { bucketReads } from '../s3/bucket-settings.ts';
import { callerIdentity } from '../session/caller-identity.ts';
import type { ClientConfig } from '../session/client-config.ts';

/** Looks at one environment, and changes nothing. What cannot be seen is named with its reason. */
export async function observeEnvironment(config: ClientConfig, wanted: Wanted): Promise<Observed> {
  const session = { clientConfig: () => config };
  const { account, partition } = await callerIdentity(session, 'read');
  const at = `environments.${wanted.environment}`;
  const unseen: Record<string, string> = {};
  const seen = async <T>(place: string, asked: Promise<T>): Promise<T | undefined> => {
    try {
      return await asked;
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      unseen[place] = thrown.message;
      return undefined;
    }
  };
  const cluster = ecsCluster(config, wanted.cluster, ['TAGS']);
  const all = (await seen(`${at}.services`, cluster.services())) ?? [];
  const described = all.filter((service) => ownerOf(service, wanted) === undefined);
  const [services, trusts, retention] = await Promise.all([
    Promise.all(
      described.map((service) =>
        seen(`${at}.services.${service.serviceName}`, serviceOf(config, cluster, wanted, service)),
      ),
    ),
    seen('releases', trustsIn(config, wanted)),
    seen(`${at}.evidence`, retentionOf(config, { ...wanted, account })),
  ]);
  for (const service of all) {
    const owner = ownerOf(service, wanted);
    if (owner !== undefined)
      unseen[`${at}.services.${service.serviceName}`] =
        `it is left out: its tag ${CONTRACT_TAG} says ${owner}`;
  }
  const found = services.filter((service) => service !== undefined);
  const placed = found.flatMap(({ subnets }) => subnets);
  const parts = placed.length === 0 ? undefined : await seen(`${at}.vpc`, partsOfVpc(config, placed, wanted));
  if (parts === undefined) {
    const why = unseen[`${at}.vpc`] ?? 'no service names a subnet';
    for (const place of ['vpc', 'layers', 'zones']) unseen[`${at}.${place}`] = why;
  }
  const balancers = found.flatMap(({ balancer }) => balancer ?? []);
  const [balancer] = balancers;
  const why = balancerUnseen(balancers);
  if (why !== undefined) unseen[`${at}.loadBalancer`] = why;
  if (retention === undefined) unseen[`${at}.evidence`] ??= 'the vault has no Object Lock';
  return {
    account,
    partition,
    vpc: parts?.vpc,
    subnets: parts?.subnets ?? [],
    securityGroups: parts?.securityGroups ?? [],
    services: found,
    balancer,
    retentionDays: retention,
    trusts: trusts ?? {},
    unseen,
  };
}

/** The other environment that a service is tagged for. */
function ownerOf({ tags = [] }: Service, { tenant, environment }: Wanted): string | undefined {
  const said = tags.find(({ key }) => key === CONTRACT_TAG)?.value;
  return said === `${tenant}/${environment}` ? undefined : said;
}

/** A contract has one load balancer, with one listener, that is internal. */
function balancerUnseen(balancers: readonly ObservedBalancer[]): string | undefined {
  const [first] = balancers;
  if (first === undefined) return 'no target group of a service is on one';
  const names = [...new Set(balancers.map(({ name }) => name))];
  if (names.length > 1) return `services are on ${names.join(' and ')}, and a contract has one`;
  if (first.scheme !== 'internal')
    return `${first.name} is ${first.scheme}, and a contract has an internal one`;
  if (first.ports.length !== 1)
    return `${first.name} listens on ${first.ports.join(', ') || 'no port'}; name the one that requests come by`;
  return undefined;
}

async function serviceOf(config: ClientConfig, cluster: ClusterReader, wanted: Wanted, service: Service) {
  const name = required(service.serviceName, 'services[].serviceName');
  const { taskDefinition = '', loadBalancers = [], networkConfiguration } = service;
  const group = loadBalancers.map(({ targetGroupArn }) => targetGroupArn).find((arn) => arn !== undefined);
  const [{ document }, range, front] = await Promise.all([
    cluster.definition(taskDefinition),
    autoscalingRange({ clientConfig: () => config }, 'read').range(wanted.cluster, name),
    group === undefined ? undefined : frontOf(config, group),
  ]);
  const { family, containerDefinitions = [] } = document as {
    readonly family?: string;
    readonly containerDefinitions?: readonly {
      readonly name?: string;
      readonly image?: string;
      readonly logConfiguration?: { readonly options?: Readonly<Record<string, string>> };
    }[];
  }; // as ECS describes a task definition
  const containers = containerDefinitions.flatMap(({ name: called }) => called ?? []);
  const fronted = loadBalancers.find(({ containerName }) => containerName !== undefined)?.containerName;
  const own =
    fronted ?? [name, ...(containers.length === 1 ? containers : [])].find((one) => containers.includes(one));
  const container = containerDefinitions.find(({ name: called }) => called === own);
  const repository = await repositoryOf(config, wanted.tenant, name, container?.image);
  const observed: ObservedService = {
    name,
    family: required(family, 'taskDefinition.family'),
    repository,
    targetGroup: front?.name,
    logGroup: container?.logConfiguration?.options?.['awslogs-group'],
    containers,
    container: own,
    subnets: networkConfiguration?.awsvpcConfiguration?.subnets ?? [],
    range,
  };
  return { ...observed, balancer: front?.balancer };
}

/** That of its image; of a service that was never delivered, whose image is a placeholder, the one of its name. */
async function repositoryOf(
  config: ClientConfig,
  tenant: string,
  service: string,
  image = '',
): Promise<string | undefined> {
  const [, named = ''] = /^[^/]+\/([^@:]+)[@:]/.exec(image) ?? [];
  if (named.startsWith(`${tenant}/`)) return named;
  const own = `${tenant}/${service}`;
  return (await ecrReads(config).repository(own)) === undefined ? undefined : own;
}

async function frontOf(config: ClientConfig, group: string) {
  const elb = elbv2(config);
  const found = required(await elb.targetGroup(group), `the target group ${group}`);
  const name = required(found.TargetGroupName, 'TargetGroups[0].TargetGroupName');
  const [arn] = found.LoadBalancerArns ?? [];
  const described = arn === undefined ? undefined : await elb.loadBalancer(arn);
  if (arn === undefined || described === undefined) return { name, balancer: undefined };
  const listeners = await elb.listeners(arn);
  const ports = listeners.map(({ listener }) => required(listener.Port, 'Listeners[].Port'));
  const { scheme, name: called } = identityOf(described);
  return { name, balancer: { name: called, scheme, ports } };
}

async function trustsIn(config: ClientConfig, wanted: Wanted): Promise<Readonly<Record<string, unknown>>> {
  const iam = iamReads(config);
  const found = await Promise.all(
    ROLES.map(async (role) => [role, await iam.role(roleName(wanted, role))] as const),
  );
  return Object.fromEntries(found.flatMap(([role, is]) => (is ? [[role, is.trust]] : [])));
}

async function retentionOf(
  config: ClientConfig,
  wanted: Wanted & { readonly account: string },
): Promise<number | undefined> {
  return (await bucketReads(config, wanted.account).lock(vaultBucket(wanted)))?.days;
}
