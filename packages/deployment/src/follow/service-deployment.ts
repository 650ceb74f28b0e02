import type { ServiceDeploymentBrief } from '../observed.ts';

/** How far before the update's own time the list is asked from: clocks inside a service differ a little. */
export const LIST_MARGIN = 30_000;

const HISTORY = 80 * 24 * 3_600_000; // milliseconds; ECS refuses to be asked for more than 90 days

/** The earliest time that service deployments may be listed from: `since`, or as far back as ECS answers. */
export function listableSince(since: number, now: number): number {
  return Math.max(since, now - HISTORY);
}

/**
 * The service deployment that belongs to a rollout entry, by number: the digits of `ecs-svc/<digits>` are the last
 * segment of the target revision's ARN. Observed, not promised by AWS; `undefined` sends the caller to
 * `deploymentByTaskDefinition`. Never `service.currentServiceDeployment`, which may lag behind.
 */
export function deploymentByNumber(
  rolloutId: string,
  listed: readonly ServiceDeploymentBrief[],
): ServiceDeploymentBrief | undefined {
  const number = /^ecs-svc\/(\d+)$/.exec(rolloutId)?.[1];
  if (number === undefined) return undefined;
  return listed.find(({ targetRevision }) => targetRevision.split('/').at(-1) === number);
}

/** The newest listed deployment whose target revision runs our task definition. */
export function deploymentByTaskDefinition(
  taskDefinition: string,
  listed: readonly ServiceDeploymentBrief[],
  taskDefinitionOf: ReadonlyMap<string, string>,
): ServiceDeploymentBrief | undefined {
  return listed
    .filter(({ targetRevision }) => taskDefinitionOf.get(targetRevision) === taskDefinition)
    .sort((a, b) => b.createdAt - a.createdAt)[0];
}

/** What tasks of a service deployment carry in `startedBy`, from its target revision. The same observed equality; assumes ecs-started-by-revision. */
export function startedByOf(targetRevision: string): string {
  return `ecs-svc/${targetRevision.split('/').at(-1)}`;
}
