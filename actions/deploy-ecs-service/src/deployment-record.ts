import type { Admission, ChangeHandle } from '@tenant-delivery/delivery';
import type { DeploymentReport, DeployOutcome, Plan, ReportedCause } from '@tenant-delivery/deployment';
import type { ChangeState, Digest } from '@tenant-delivery/domain';
import type { Beginning, Started } from './begin.ts';
import type { Ending } from './ending.ts';
import type { Observed } from './observe.ts';

/**
 * Whether the step fails. A pause is no failure: whoever configured it wants a person or another job to say how to go
 * on, and that job starts only if this one has ended well.
 */
export function isBad(outcome: DeployOutcome): boolean {
  return outcome !== 'deployed' && outcome !== 'unchanged' && outcome !== 'paused';
}

/** Everything that a deployment report is made from. */
export interface Told {
  readonly admission: Admission;
  readonly change: ChangeHandle;
  readonly approved: Plan;
  readonly planDigest: Digest;
  readonly prepared: Observed;
  readonly beginning: Beginning;
  readonly ended: { readonly started: Started; readonly ending: Ending } | undefined;
  readonly causes: readonly ReportedCause[];
  readonly zones: Readonly<Record<string, number>>;
  readonly startedAt: number;
  readonly finishedAt: number;
}

/** How the deployment went, as the record keeps it. */
export function reportOf(told: Told): DeploymentReport {
  const { prepared, admission, change, approved, planDigest, beginning, ended, causes } = told;
  const { tenant, environment, account, region, service } = admission.target;
  const last = ended?.ending.last?.deployment;
  const none = withoutDeployment(beginning);
  return {
    schemaVersion: 1,
    change: change.id,
    target: { tenant, environment, account, region, service },
    plan: planDigest,
    outcome: ended?.ending.outcome ?? none.outcome,
    why: ended?.ending.why ?? none.why,
    cluster: admission.names.cluster,
    container: approved.image.container,
    image: approved.image.to,
    taskDefinition: ended?.started.taskDefinition ?? prepared.current.arn,
    previousTaskDefinition: approved.taskDefinition.from,
    serviceDeployment: ended?.started.serviceDeployment ?? null,
    serviceRevision: ended?.started.serviceRevision ?? null,
    rollout: ended?.started.rollout ?? null,
    tasks: last ? { ...last.tasks } : null,
    zones: { ...told.zones },
    breaker: last?.breaker ? { failures: last.breaker.failures, threshold: last.breaker.threshold } : null,
    causes: [...causes],
    followed: ended?.ending.followed ?? null,
    startedAt: new Date(told.startedAt).toISOString(),
    finishedAt: new Date(told.finishedAt).toISOString(),
  };
}

/** How a deploy ended in which no deployment was followed. */
function withoutDeployment({ kind }: Beginning): Pick<DeploymentReport, 'outcome' | 'why'> {
  switch (kind) {
    case 'unchanged':
      return { outcome: 'unchanged', why: 'the service runs what was planned already' };
    case 'settled':
      return {
        outcome: 'deployed',
        why: 'the service is set as planned; ECS needed no new deployment for that',
      };
    default:
      return { outcome: 'cancelled', why: 'the run was cancelled before anything was sent' };
  }
}

/** Where an ending leads the change; success stays `deploying` until it is verified, a pause until it is ended. */
export function stateAfter(outcome: DeployOutcome, rolledBack: boolean): ChangeState | undefined {
  switch (outcome) {
    case 'deployed':
    case 'unchanged':
    case 'paused':
      return undefined;
    case 'superseded':
    case 'cancelled':
      return 'abandoned';
    default:
      return rolledBack ? 'rolled-back' : 'failed';
  }
}
