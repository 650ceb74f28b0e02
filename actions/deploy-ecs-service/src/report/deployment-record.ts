import type {
  DeploymentReport,
  DeployOutcome,
  ReportedCause,
} from '@tenant-delivery/deployment/follow/deployment-report';
import type { ServiceDeployment } from '@tenant-delivery/deployment/observed';
import type { ChangeState, Digest } from '@tenant-delivery/domain';
import type { DeployResult } from '../deploy/deploy.ts';
import type { StartDecision } from '../deploy/start-decision.ts';
import { REASON_OF } from '../failures.ts';

const GOOD: ReadonlySet<DeployOutcome> = new Set(['deployed', 'unchanged', 'paused', 'started']);

/**
 * Whether the step fails. A pause is not a failure: a person or another job decides how to go on, and that job starts only
 * if this one has ended well.
 */
export function isBad(outcome: DeployOutcome): boolean {
  return !GOOD.has(outcome);
}

/** What a deployment was about. */
export interface Subject {
  /** Both `null` without a contract. */
  readonly change: string | null;
  readonly plan: Digest | null;
  readonly target: DeploymentReport['target'];
  readonly cluster: string;
  readonly container: string;
  readonly image: string;
  /** The task definition that the service ran before. */
  readonly previous: string;
  /** What the service ran when this run looked. */
  readonly current: string;
}

/** Everything that a deployment report is made from. */
export interface ReportFacts {
  readonly subject: Subject;
  readonly deployed: DeployResult;
  readonly causes: readonly ReportedCause[];
  readonly zones: Readonly<Record<string, number>>;
  readonly startedAt: number;
  readonly finishedAt: number;
}

/** How the deployment went, as the record keeps it. */
export function reportOf(told: ReportFacts): DeploymentReport {
  const { subject, causes } = told;
  const { decision, ended } = told.deployed;
  const { previous, current, ...about } = subject;
  const last = ended?.ending.last?.deployment;
  const none = withoutDeployment(decision);
  const settled = decision.kind === 'settled' ? decision.taskDefinition : current;
  const begun = ended?.start ?? (decision.kind === 'started' ? decision.start : undefined);
  return {
    schemaVersion: 1,
    ...about,
    outcome: ended?.ending.outcome ?? none.outcome,
    why: ended?.ending.why ?? none.why,
    taskDefinition: begun?.taskDefinition ?? settled,
    previousTaskDefinition: previous,
    serviceDeployment: begun?.serviceDeployment ?? null,
    serviceRevision: begun?.serviceRevision ?? null,
    rollout: begun?.rollout ?? null,
    tasks: last ? { ...last.tasks } : null,
    zones: { ...told.zones },
    breaker: breakerOf(last?.breaker),
    causes: [...causes],
    followed: ended?.ending.followed ?? null,
    startedAt: new Date(told.startedAt).toISOString(),
    finishedAt: new Date(told.finishedAt).toISOString(),
  };
}

/** ECS counts failures, against a threshold, also for a breaker that is switched off. */
function breakerOf(seen: ServiceDeployment['breaker']): DeploymentReport['breaker'] {
  if (!seen || seen.status === 'DISABLED') return null;
  return { failures: seen.failures, threshold: seen.threshold };
}

/** How a deploy ended in which no deployment was followed. */
function withoutDeployment(decision: StartDecision): Pick<DeploymentReport, 'outcome' | 'why'> {
  switch (decision.kind) {
    case 'unchanged':
      return { outcome: 'unchanged', why: 'the service runs what was planned already' };
    case 'settled':
      return {
        outcome: 'deployed',
        why: 'the service is set as planned; ECS needed no new deployment for that',
      };
    case 'started':
      return {
        outcome: 'started',
        why: 'ECS has the update and goes on by itself; this run was asked not to wait for its end',
      };
    case 'migration-failed':
      return { outcome: 'failed', why: decision.why };
    case 'migration-cancelled':
      return { outcome: 'cancelled', why: decision.why };
    default:
      return { outcome: 'cancelled', why: 'the run was cancelled before the service was updated' };
  }
}

/** The reason code of an outcome: of a migration that failed its own, because the service was not touched. */
export function reasonOf({ outcome, causes, serviceDeployment }: DeploymentReport): string {
  const migration = serviceDeployment === null && causes.some(({ class: name }) => name === 'migration');
  return outcome === 'failed' && migration ? 'MIGRATION_FAILED' : REASON_OF[outcome];
}

/** Where an ending leads the change; success stays `deploying` until it is verified, a pause until it is ended. */
export function stateAfter(outcome: DeployOutcome, rolledBack: boolean): ChangeState | undefined {
  switch (outcome) {
    case 'deployed':
    case 'unchanged':
    case 'paused':
    case 'started':
      return undefined;
    case 'superseded':
    case 'cancelled':
      return 'abandoned';
    default:
      return rolledBack ? 'rolled-back' : 'failed';
  }
}
