import type { Json } from '@tenant-delivery/domain';
import type { Service } from './observed.ts';
import { isObject } from './task-definition/task-definition.ts';

type JsonObject = { readonly [member: string]: Json };

const MAXIMUM_PERCENT = 200; // ECS's default

/** What a service does with its tasks, as ECS describes it. */
export interface ServiceMembers {
  readonly desired: number;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly publicAddress: boolean;
  /** Target groups that it registers in, alternate ones of blue/green included. */
  readonly attached: readonly {
    readonly targetGroup: string;
    readonly container: string;
    readonly port: number;
  }[];
  /** Its launch type or its capacity is Fargate's. */
  readonly onFargate: boolean;
  readonly maximumPercent: number;
  readonly breaker: Service['breaker'];
  /** `undefined` when ECS was not asked for tags. */
  readonly tags: Readonly<Record<string, string>> | undefined;
}

/** The service as it will be: a member of the update replaces the one that is there. */
export function afterUpdate(
  { document, desired, breaker }: Service,
  members: JsonObject = {},
): ServiceMembers {
  const after = { ...document, ...members };
  const network = objectIn(objectIn(after, 'networkConfiguration'), 'awsvpcConfiguration');
  const configuration = objectIn(after, 'deploymentConfiguration');
  return {
    desired: numberIn(members, 'desiredCount') ?? desired,
    subnets: textsIn(network, 'subnets'),
    securityGroups: textsIn(network, 'securityGroups'),
    publicAddress: network?.['assignPublicIp'] === 'ENABLED',
    attached: attachedTo(after),
    onFargate:
      after['launchType'] === 'FARGATE' ||
      objectsIn(after, 'capacityProviderStrategy').some(({ capacityProvider }) =>
        String(capacityProvider).startsWith('FARGATE'),
      ),
    maximumPercent: numberIn(configuration, 'maximumPercent') ?? MAXIMUM_PERCENT,
    breaker: breakerIn(configuration) ?? breaker,
    tags: tagsOf(after),
  };
}

function attachedTo(service: JsonObject): ServiceMembers['attached'] {
  return objectsIn(service, 'loadBalancers').flatMap((balancer) => {
    const container = String(balancer['containerName'] ?? '');
    const port = numberIn(balancer, 'containerPort') ?? 0;
    const alternate = objectIn(balancer, 'advancedConfiguration')?.['alternateTargetGroupArn'];
    return [balancer['targetGroupArn'], alternate].flatMap((arn) =>
      typeof arn === 'string' ? [{ targetGroup: arn, container, port }] : [],
    );
  });
}

function breakerIn(configuration: JsonObject | undefined): Service['breaker'] | undefined {
  const breaker = objectIn(configuration, 'deploymentCircuitBreaker');
  return breaker && { enabled: breaker['enable'] === true, rollback: breaker['rollback'] === true };
}

function tagsOf(service: JsonObject): ServiceMembers['tags'] {
  if (!Array.isArray(service['tags'])) return undefined;
  const tags = objectsIn(service, 'tags');
  return Object.fromEntries(tags.map(({ key, value }) => [String(key), String(value)]));
}

function objectIn(object: JsonObject | undefined, member: string): JsonObject | undefined {
  const value = object?.[member];
  return isObject(value) ? value : undefined;
}

function objectsIn(object: JsonObject, member: string): readonly JsonObject[] {
  const value = object[member];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textsIn(object: JsonObject | undefined, member: string): readonly string[] {
  const value = object?.[member];
  return Array.isArray(value) ? value.filter((each: Json) => typeof each === 'string') : [];
}

function numberIn(object: JsonObject | undefined, member: string): number | undefined {
  const value = object?.[member];
  return typeof value === 'number' ? value : undefined;
}
