import type { CreateServiceRequest, RunTaskRequest, UpdateServiceRequest } from '@aws-sdk/client-ecs';
import type { Rule } from '../../rules/rule.ts';
import type { Call } from '../../world/service.ts';
import { findCluster, findService, storeOf } from '../operations/find.ts';
import type { ServiceState } from '../state.ts';
import { findTaskDefinition, type TaskDefinitionRecord } from '../store.ts';

/** A request that starts tasks: of a service that it makes or changes, or by themselves. */
export type Requested = Partial<CreateServiceRequest & UpdateServiceRequest & RunTaskRequest>;

export const STARTING = ['CreateService', 'UpdateService', 'RunTask'] as const;
export const OF_SERVICES = ['CreateService', 'UpdateService'] as const;

interface RequestRule {
  readonly operations: Rule['operations'];
  readonly says: string;
  readonly code?: string;
  readonly mistakes: (input: Requested, call: Call) => Iterable<string>;
  /** Without examples it looks at the world, and a suite shows it. */
  readonly shownBy?: readonly [Requested, ...Requested[]];
}

/** What one page says of requests that start tasks. ECS calls what breaks it an invalid parameter. */
export function requestRules(page: string, rules: readonly RequestRule[]): readonly Rule[] {
  return rules.map(({ code = 'InvalidParameterException', shownBy, ...rule }) => ({
    ...rule,
    page,
    code,
    shownBy: shownBy ?? 'ecs-requests.test.ts',
  }));
}

/** The service that an update names. */
export function serviceIn({ cluster = 'default', service }: Requested, call: Call): ServiceState | undefined {
  const found = findCluster(call, cluster);
  return found && service !== undefined ? findService(call, found, service)?.state : undefined;
}

/** The task definition that the request names, or else the one that its service runs. */
export function definitionIn(input: Requested, call: Call): TaskDefinitionRecord | undefined {
  const reference = input.taskDefinition ?? serviceIn(input, call)?.settings.taskDefinition;
  return reference === undefined ? undefined : findTaskDefinition(storeOf(call), reference);
}

/** Whether Fargate runs it, as a launch type or as a provider of capacity; a service that is changed does already. */
export function runsOnFargate({ service, launchType, capacityProviderStrategy = [] }: Requested): boolean {
  const providers = capacityProviderStrategy.map(({ capacityProvider }) => capacityProvider);
  return (
    service !== undefined ||
    launchType === 'FARGATE' ||
    providers.some((provider) => provider?.startsWith('FARGATE'))
  );
}
