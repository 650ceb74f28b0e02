import type { ServiceAgreement, TenantContract } from '@tenant-delivery/tenancy/contract';
import type { Adopted, Properties, Sought } from '../adopt/adopted.ts';
import { adoptedMark } from '../adopt/adopted-mark.ts';
import { environmentOf } from '../values.ts';
import { logicalId, type Resource, ref, type Template } from './template.ts';

/** A template of what is there, as far as the contract names it, and how each resource is found. */
export interface AdoptedStack {
  readonly template: Template;
  readonly adopts: Readonly<Record<string, Adopted>>;
}

interface Part extends Omit<Adopted, 'must' | 'tagged' | 'agreed' | 'madeLater'> {
  readonly id: string;
  /** What the contract knows it by, or refers it to. */
  readonly known?: Properties;
  readonly must?: Adopted['must'];
  readonly untagged?: true;
  readonly agreed?: Properties;
  readonly madeLater?: true;
  readonly after?: string;
}

const by = (identifier: Readonly<Record<string, string>>): Sought => ({ by: 'identifier', identifier });

/** VPC, subnets, groups, load balancer and cluster. Routes, rules, listeners and gateways stay with those who made them. */
export function adoptedNetwork(contract: TenantContract, name: string): AdoptedStack {
  const { vpc, zones, layers, cluster, loadBalancer } = environmentOf(contract, name);
  const inVpc = { VpcId: [vpc.id ?? ''] };
  return stackOf(contract, name, 'The adopted network of', [
    {
      id: 'Vpc',
      type: 'AWS::EC2::VPC',
      place: 'vpc.id',
      sought: by({ VpcId: vpc.id ?? '' }),
      must: { CidrBlock: [vpc.cidr] },
    },
    ...Object.entries(layers).flatMap(([layer, { subnets = [], securityGroups = [] }]) => [
      ...subnets.map((subnet) => ({
        id: logicalId('subnet', layer, subnet),
        type: 'AWS::EC2::Subnet',
        place: `layers.${layer}.subnets`,
        sought: by({ SubnetId: subnet }),
        known: { VpcId: ref('Vpc') },
        must: { ...inVpc, AvailabilityZoneId: zones },
      })),
      ...securityGroups.map((group) => ({
        id: logicalId('group', layer, group),
        type: 'AWS::EC2::SecurityGroup',
        place: `layers.${layer}.securityGroups`,
        sought: by({ Id: group }),
        known: { VpcId: ref('Vpc') },
        must: inVpc,
      })),
    ]),
    {
      id: 'Balancer',
      type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      place: 'loadBalancer.name',
      sought: { by: 'load balancer', name: loadBalancer.name },
      known: { Name: loadBalancer.name },
      must: { Scheme: [loadBalancer.scheme] },
    },
    {
      id: 'Cluster',
      type: 'AWS::ECS::Cluster',
      place: 'cluster',
      sought: by({ ClusterName: cluster }),
      known: { ClusterName: cluster },
    },
  ]);
}

/** Service, target group, log group and scaling range. Task definitions and images are the deliveries'. */
export function adoptedService(
  contract: TenantContract,
  name: string,
  service: string,
  agreement: ServiceAgreement,
): AdoptedStack {
  const { account, partition } = contract;
  const { region, cluster, layers, vpc } = environmentOf(contract, name);
  const { subnets = [], securityGroups = [] } = layers[agreement.layer] ?? {};
  const place = `services.${service}`;
  const scaled = {
    ResourceId: `service/${cluster}/${service}`,
    ScalableDimension: 'ecs:service:DesiredCount',
    ServiceNamespace: 'ecs',
  };
  return stackOf(contract, name, `The adopted service ${service} of`, [
    {
      id: 'LogGroup',
      type: 'AWS::Logs::LogGroup',
      place: `${place}.logGroup`,
      sought: by({ LogGroupName: agreement.logGroup }),
      known: { LogGroupName: agreement.logGroup },
      untagged: true, // it lies below the environment's own path
    },
    {
      id: 'TargetGroup',
      type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
      place: `${place}.targetGroup`,
      sought: { by: 'target group', name: agreement.targetGroup },
      known: { Name: agreement.targetGroup },
      must: { VpcId: [vpc.id ?? ''] },
    },
    {
      id: 'Service',
      type: 'AWS::ECS::Service',
      place,
      sought: by({
        ServiceArn: `arn:${partition}:ecs:${region}:${account}:service/${cluster}/${service}`,
        Cluster: cluster,
      }),
      // The family, which is its newest revision: a delivery's.
      known: { ServiceName: service, Cluster: cluster, TaskDefinition: agreement.family },
      agreed: {
        NetworkConfiguration: {
          AwsvpcConfiguration: {
            AssignPublicIp: 'DISABLED',
            Subnets: subnets,
            SecurityGroups: securityGroups,
          },
        },
      },
    },
    {
      id: 'ScalableTarget',
      type: 'AWS::ApplicationAutoScaling::ScalableTarget',
      place: `${place}.capacity`,
      sought: by(scaled),
      known: scaled,
      agreed: { MinCapacity: agreement.capacity.base, MaxCapacity: agreement.capacity.maximum },
      untagged: true, // its id names the cluster and the service
      madeLater: true,
      after: 'Service',
    },
  ]);
}

function stackOf(
  contract: TenantContract,
  name: string,
  description: string,
  parts: readonly Part[],
): AdoptedStack {
  return {
    template: {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: `${description} ${contract.id} ${name}`,
      Metadata: adoptedMark(`${contract.id}/${name}`),
      Resources: Object.fromEntries(parts.map((part) => [part.id, resourceOf(part)])),
    },
    adopts: Object.fromEntries(
      parts.map(({ id, type, sought, place, must = {}, agreed = {}, untagged, madeLater }) => [
        id,
        { type, sought, place, must, agreed, tagged: untagged !== true, madeLater: madeLater === true },
      ]),
    ),
  };
}

/** What was there before the stack stays when the stack goes. */
function resourceOf({ type, known = {}, agreed = {}, after }: Part): Resource {
  return {
    Type: type,
    Properties: { ...known, ...agreed },
    ...(after !== undefined && { DependsOn: after }),
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
  };
}
