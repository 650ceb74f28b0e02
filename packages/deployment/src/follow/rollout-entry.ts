import type { RolloutEntry, Service, ServiceDeployment } from '../observed.ts';

/** What is known of a deployment before it is looked at in the service's own list. */
export interface EntryFacts {
  /** `ecs-svc/…` */
  readonly rollout: string;
  readonly taskDefinition: string;
  /** What the service ran before; `undefined` when nobody knows. */
  readonly previous: string | undefined;
  /** When ECS made our entry; `undefined` when nobody knows. */
  readonly createdAt?: number | undefined;
}

/** How long a description of the service may be older than the update, in milliseconds: ECS says seconds. */
const MAY_BE_LATE = 60_000;

/**
 * A deployment as far as `service.deployments` tells of it, for a role that may not look at service deployments
 * (deploying-to-ecs §3.2, fallback). It has no stage, weights, hooks, breaker and alarms: those can't be seen there.
 * Only the word COMPLETED for our entry is a success; an absent state is one that goes on.
 */
export function deploymentOfEntry(service: Service, facts: EntryFacts, at: number): ServiceDeployment {
  const ours = service.deployments.find(({ id }) => id === facts.rollout);
  const primary = service.deployments.find((each) => each.primary);
  const { status, reason } = isFromBefore(ours, primary, facts, at)
    ? { status: 'PENDING', reason: undefined }
    : statusOf(service, ours, primary, facts);
  return {
    arn: facts.rollout,
    targetRevision: facts.rollout,
    status,
    reason,
    strategy: service.strategy,
    stage: undefined,
    productionWeight: undefined,
    testWeight: undefined,
    hooks: [],
    tasks: ours?.tasks ?? { requested: 0, running: 0, pending: 0 },
    sources: service.deployments.flatMap(({ id, tasks }) =>
      id === facts.rollout || !tasks ? [] : [{ revision: id, tasks }],
    ),
    createdAt: ours?.createdAt ?? facts.createdAt ?? primary?.createdAt ?? 0,
    finishedAt: undefined,
    breaker: undefined,
    alarms: [],
    rollback: undefined,
  };
}

/**
 * A description from before the update shows the version before, COMPLETED and alone, as one after a rollback does. Soon
 * after the update that is no end: a later look tells which of the two it was.
 */
function isFromBefore(
  ours: RolloutEntry | undefined,
  primary: RolloutEntry | undefined,
  { previous, createdAt }: EntryFacts,
  at: number,
): boolean {
  if (ours || createdAt === undefined || at >= createdAt + MAY_BE_LATE) return false;
  return previous !== undefined && primary?.taskDefinition === previous;
}

function statusOf(
  service: Service,
  ours: RolloutEntry | undefined,
  primary: RolloutEntry | undefined,
  { previous, taskDefinition }: EntryFacts,
): { readonly status: string; readonly reason: string | undefined } {
  if (ours?.primary) {
    const status = { COMPLETED: 'SUCCESSFUL', FAILED: 'STOPPED', IN_PROGRESS: 'IN_PROGRESS' }[
      ours.rolloutState ?? 'IN_PROGRESS'
    ];
    return { status, reason: ours.reason };
  }
  // No longer PRIMARY: ECS went back to what ran before, or somebody brought something else.
  const wentBack =
    ours?.rolloutState === 'FAILED' ||
    (previous !== undefined && previous !== taskDefinition && primary?.taskDefinition === previous);
  if (!wentBack) {
    const now = primary?.taskDefinition ?? service.taskDefinition;
    return { status: 'STOPPED', reason: `replaced by a new service deployment, which runs ${now}` };
  }
  const reason = ours?.reason ?? `the service names ${primary?.taskDefinition ?? 'nothing'} again`;
  switch (primary?.rolloutState) {
    case 'COMPLETED':
      return { status: 'ROLLBACK_SUCCESSFUL', reason };
    case 'FAILED':
      return { status: 'ROLLBACK_FAILED', reason: primary.reason ?? reason };
    default:
      return { status: 'ROLLBACK_IN_PROGRESS', reason };
  }
}
