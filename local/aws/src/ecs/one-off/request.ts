import type { NetworkConfiguration, RunTaskRequest, TaskOverride } from '@aws-sdk/client-ecs';
import { AwsError } from '../../world/service.ts';
import type { Subnet } from '../state.ts';
import type { TaskDefinitionRecord } from '../store.ts';
import { notRunnable } from '../task-definition.ts';

/** What a RunTask request asks for, judged as ECS judges it. */
export interface OneOffRequest {
  readonly definition: TaskDefinitionRecord;
  readonly count: number;
  readonly subnets: readonly Subnet[];
  readonly group: string;
  readonly startedBy: string;
  readonly capacityProvider: string | undefined;
  readonly platformVersion: string;
  readonly overrides: TaskOverride;
}

export interface OneOffSurroundings {
  readonly subnets: readonly Subnet[];
  /** Those that are associated with the cluster. */
  readonly capacityProviders: readonly string[];
  readonly taskDefinition: (reference: string) => TaskDefinitionRecord | undefined;
}

const UNSUPPORTED = [
  'placementConstraints',
  'placementStrategy',
  'volumeConfigurations',
  'referenceId',
] as const satisfies readonly (keyof RunTaskRequest)[];
const OVERRIDES_UNSUPPORTED = ['environmentFiles', 'resourceRequirements'] as const;

export function oneOffRequest(input: RunTaskRequest, around: OneOffSurroundings): OneOffRequest {
  const definition = around.taskDefinition(input.taskDefinition ?? '');
  if (!definition) throw new AwsError('ClientException', 'TaskDefinition not found.');
  if (definition.status !== 'ACTIVE') throw invalid('TaskDefinition is inactive');
  const unsupported = [...unsupportedIn(input), ...notRunnable(definition.content)];
  if (unsupported.length > 0) throw invalid(`local-aws does not support: ${unsupported.join(', ')}.`);
  const { count = 1, startedBy = '', group } = input;
  return {
    definition,
    count,
    capacityProvider: capacityProviderOf(input, around),
    subnets: subnetsOf(input.networkConfiguration, around),
    group: group ?? `family:${definition.family}`,
    startedBy,
    platformVersion: platformOf(input.platformVersion),
    overrides: overridesOf(input.overrides, definition),
  };
}

function unsupportedIn(input: RunTaskRequest): readonly string[] {
  const used = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
  const containers = input.overrides?.containerOverrides ?? [];
  return [
    ...UNSUPPORTED.filter((member) => used(input[member])),
    ...OVERRIDES_UNSUPPORTED.filter((member) => containers.some((container) => used(container[member]))).map(
      (member) => `overrides.containerOverrides.${member}`,
    ),
  ];
}

/** There are no container instances: without FARGATE a task has nowhere to go. */
function capacityProviderOf(
  { launchType, capacityProviderStrategy }: RunTaskRequest,
  { capacityProviders }: OneOffSurroundings,
): string | undefined {
  if (capacityProviderStrategy && capacityProviderStrategy.length > 0) {
    const [first] = [...capacityProviderStrategy].sort((a, b) => (b.base ?? 0) - (a.base ?? 0));
    const provider = first?.capacityProvider ?? '';
    if (!capacityProviderStrategy.every((one) => capacityProviders.includes(one.capacityProvider ?? '')))
      throw invalid(
        'The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster and try again.',
      );
    return provider;
  }
  if (launchType !== 'FARGATE') throw invalid('No Container Instances were found in your cluster.');
  return undefined;
}

function subnetsOf(given: NetworkConfiguration | undefined, around: OneOffSurroundings): readonly Subnet[] {
  const { subnets = [] } = given?.awsvpcConfiguration ?? {};
  return subnets.map((id) => {
    const subnet = around.subnets.find((one) => one.id === id);
    if (!subnet)
      throw invalid(`Error retrieving subnet information for [${id}]: The subnet ID '${id}' does not exist`);
    return subnet;
  });
}

function overridesOf(given: TaskOverride | undefined, { content }: TaskDefinitionRecord): TaskOverride {
  const names = (content.containerDefinitions ?? []).map(({ name }) => name);
  const stranger = given?.containerOverrides?.find(({ name }) => !names.includes(name));
  if (stranger)
    throw invalid(`Override for container named ${stranger.name} is not a container in the TaskDefinition.`);
  return given ?? {};
}

function platformOf(given = 'LATEST'): string {
  const version = given === 'LATEST' ? '1.4.0' : given;
  if (['1.3.0', '1.4.0'].includes(version)) return version;
  throw new AwsError('PlatformUnknownException', `The platform version ${given} does not exist.`);
}

const invalid = (message: string) => new AwsError('InvalidParameterException', message);
