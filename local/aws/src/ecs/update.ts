import { isDeepStrictEqual } from 'node:util';
import type { AdvancedConfiguration, NetworkConfiguration, UpdateServiceRequest } from '@aws-sdk/client-ecs';
import { AwsError } from '../world/service.ts';
import { rolloutSettings } from './deployment-configuration.ts';
import { revisionSettings } from './revision-settings.ts';
import type { LoadBalancer, RevisionSettings, ServiceSettings, Subnet } from './state.ts';
import type { TaskDefinitionRecord } from './store.ts';
import { notRunnable } from './task-definition.ts';
import { unsupportedMembers } from './unsupported.ts';
import { whole } from './whole.ts';

export interface Surroundings {
  readonly subnets: readonly Subnet[];
  readonly taskDefinition: (reference: string) => TaskDefinitionRecord | undefined;
  readonly targetGroupExists: (arn: string) => boolean;
  readonly listenerRuleExists: (arn: string) => boolean;
}

/**
 * What an UpdateService request makes of a service's settings: what it omits stays, an empty list clears. A new
 * deployment follows only from a change of what a revision holds, or by force ("UpdateService").
 */
export function updated(
  before: ServiceSettings,
  input: UpdateServiceRequest,
  around: Surroundings,
): { readonly settings: ServiceSettings; readonly deploy: boolean } {
  const unsupported = unsupportedMembers(input);
  if (unsupported.length > 0) throw invalid(`local-aws does not support: ${unsupported.join(', ')}.`);
  const settings: ServiceSettings = {
    ...before,
    ...revision(before, input, around),
    ...rolloutSettings(input.deploymentConfiguration),
    controller: input.deploymentController ? 'ECS' : before.controller,
    desiredCount: whole(input.desiredCount, 'desiredCount') ?? before.desiredCount,
    gracePeriodSeconds:
      whole(input.healthCheckGracePeriodSeconds, 'healthCheckGracePeriodSeconds') ??
      before.gracePeriodSeconds,
    enableExecuteCommand: input.enableExecuteCommand ?? before.enableExecuteCommand,
    enableManagedTags: input.enableECSManagedTags ?? before.enableManagedTags,
    propagateTags: input.propagateTags ?? before.propagateTags,
    zoneRebalancing: input.availabilityZoneRebalancing ?? before.zoneRebalancing,
  };
  judgeSides(settings);
  const changed = !isDeepStrictEqual(plain(revisionSettings(before)), plain(revisionSettings(settings)));
  const moved = settings.controller !== before.controller;
  return { settings, deploy: changed || moved || input.forceNewDeployment === true };
}

/** As it would be saved and read again, so that only content is compared. */
function plain(settings: RevisionSettings): unknown {
  return JSON.parse(JSON.stringify(settings));
}

function revision(
  before: ServiceSettings,
  input: UpdateServiceRequest,
  around: Surroundings,
): RevisionSettings {
  const definition = around.taskDefinition(input.taskDefinition ?? before.taskDefinition);
  if (!definition) throw client('TaskDefinition not found.');
  const inUse = definition.arn === before.taskDefinition;
  if (definition.status !== 'ACTIVE' && !inUse) throw client('TaskDefinition is inactive');
  const loadBalancers = input.loadBalancers?.map(loadBalancer) ?? before.loadBalancers;
  judgeTaskDefinition(definition);
  judgeBalancers(definition, loadBalancers, around);
  return {
    ...before,
    ...network(input.networkConfiguration, around),
    taskDefinition: definition.arn,
    containers: (definition.content.containerDefinitions ?? []).map(({ name = '', image = '' }) => ({
      name,
      image,
    })),
    loadBalancers,
    platformVersion: platform(input.platformVersion) ?? before.platformVersion,
  };
}

function judgeTaskDefinition({ arn, content }: TaskDefinitionRecord): void {
  const missing = notRunnable(content);
  if (missing.length > 0) throw invalid(`local-aws does not run ${arn}, which uses ${missing.join(', ')}.`);
}

function judgeBalancers(
  { content }: TaskDefinitionRecord,
  loadBalancers: readonly LoadBalancer[],
  around: Surroundings,
): void {
  for (const { containerName, containerPort, targetGroupArn, advancedConfiguration } of loadBalancers) {
    const container = content.containerDefinitions?.find(({ name }) => name === containerName);
    if (!container) throw invalid(`The container ${containerName} does not exist in the task definition.`);
    if (!container.portMappings?.some((mapping) => mapping.containerPort === containerPort)) {
      throw invalid(`The container ${containerName} did not have a container port ${containerPort} defined.`);
    }
    if (!around.targetGroupExists(targetGroupArn)) {
      throw invalid(`The target group ${targetGroupArn} does not exist.`);
    }
    judgePair(advancedConfiguration, around);
  }
}

function judgePair(pair: LoadBalancer['advancedConfiguration'], around: Surroundings): void {
  if (!pair) return;
  const { alternateTargetGroupArn, productionListenerRule, testListenerRule } = pair;
  if (!around.targetGroupExists(alternateTargetGroupArn)) {
    throw invalid(`The target group ${alternateTargetGroupArn} does not exist.`);
  }
  for (const rule of [productionListenerRule, testListenerRule]) {
    if (rule !== undefined && !around.listenerRuleExists(rule)) {
      throw invalid(`The listener rule ${rule} does not exist.`);
    }
  }
}

/** Traffic can shift only between two target groups. */
function judgeSides({ rollout, loadBalancers }: ServiceSettings): void {
  if (rollout.twoSided && loadBalancers.some(({ advancedConfiguration }) => !advancedConfiguration)) {
    throw invalid(
      `The ${rollout.strategy} deployment strategy needs an advancedConfiguration for each load balancer.`,
    );
  }
}

function loadBalancer(given: NonNullable<UpdateServiceRequest['loadBalancers']>[number]): LoadBalancer {
  const { targetGroupArn, containerName, containerPort, advancedConfiguration } = given;
  if (given.loadBalancerName !== undefined) {
    throw invalid('local-aws does not support: loadBalancers.loadBalancerName.');
  }
  if (targetGroupArn === undefined || containerName === undefined || containerPort === undefined) {
    throw invalid('A load balancer needs targetGroupArn, containerName and containerPort.');
  }
  return {
    targetGroupArn,
    containerName,
    containerPort,
    ...(advancedConfiguration ? { advancedConfiguration: pairOf(advancedConfiguration) } : {}),
  };
}

function pairOf(given: AdvancedConfiguration): NonNullable<LoadBalancer['advancedConfiguration']> {
  const { alternateTargetGroupArn, productionListenerRule, testListenerRule, roleArn } = given;
  if (
    alternateTargetGroupArn === undefined ||
    productionListenerRule === undefined ||
    roleArn === undefined
  ) {
    throw invalid(
      'An advancedConfiguration needs alternateTargetGroupArn, productionListenerRule and roleArn.',
    );
  }
  return {
    alternateTargetGroupArn,
    productionListenerRule,
    ...(testListenerRule === undefined ? {} : { testListenerRule }),
    roleArn,
  };
}

function network(given: NetworkConfiguration | undefined, around: Surroundings): Partial<RevisionSettings> {
  if (!given) return {};
  const { subnets = [], securityGroups = [], assignPublicIp = 'DISABLED' } = given.awsvpcConfiguration ?? {};
  const found = subnets.map((id) => {
    const subnet = around.subnets.find((one) => one.id === id);
    if (!subnet) throw invalid(`The subnet ID '${id}' does not exist`);
    return subnet;
  });
  return { subnets: found, securityGroups, assignPublicIp };
}

function platform(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  if (!['LATEST', '1.3.0', '1.4.0'].includes(given)) {
    throw new AwsError('PlatformUnknownException', `The platform version ${given} does not exist.`);
  }
  return given;
}

const invalid = (message: string) => new AwsError('InvalidParameterException', message);
const client = (message: string) => new AwsError('ClientException', message);
