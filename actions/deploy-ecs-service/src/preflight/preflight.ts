import type { Admission } from '@tenant-delivery/delivery';
import type {
  AlarmReader,
  Service,
  ServiceDeploymentBrief,
  ServiceRef,
  TaskDefinition,
  TaskDefinitionDocument,
} from '@tenant-delivery/deployment';
import type { Json } from '@tenant-delivery/domain';
import type { Inspections } from '@tenant-delivery/findings';
import {
  type Check,
  failures,
  judgeAll,
  type PreflightReader,
  type PreflightReport,
  type StoredImage,
  type Waiver,
} from '@tenant-delivery/isolation';
import type { DeployPorts, PlanPorts } from '../deploy-world.ts';
import { preflightSummary, sayCheck, sayPassed } from './preflight-words.ts';
import { observeSurroundings } from './surroundings.ts';

/** What a preflight looks through. Nothing here can change anything or read a secret's value. */
export interface PreflightWorld
  extends Pick<DeployPorts, 'runner' | 'clock' | 'local' | 'services'>,
    Pick<PlanPorts, 'scaling'> {
  readonly images: Pick<Inspections, 'image'>;
  readonly surroundings: PreflightReader;
  readonly alarms: AlarmReader;
  /**
   * `renewed`: they outlive this run, or it gets fresh ones; otherwise milliseconds since the epoch. `untold`: nobody says
   * when they end.
   */
  readonly credentialsUntil: number | 'renewed' | 'untold';
}

/** What the signed contract says of the ref. */
export interface AgreedPlacement {
  readonly tenant: string;
  readonly environment: string;
  readonly vpc: string;
  /** Zone ids. */
  readonly zones: readonly string[];
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** In ECR. */
  readonly repository: string;
  readonly targetGroup: string;
  readonly loadBalancer: string;
  readonly capacity: { readonly base: number; readonly maximum: number };
}

/** Answers to what a preflight asks too. */
export interface KnownAnswers {
  /** By their references. */
  readonly images?: ReadonlyMap<string, StoredImage | 'absent'>;
  /** Service deployments since the one that is there began, newest first. */
  readonly deployments?: readonly ServiceDeploymentBrief[] | undefined;
}

export interface PreflightSubject {
  readonly ref: ServiceRef;
  /** `undefined` without a contract: then only what makes a start possible is judged. */
  readonly agreed: AgreedPlacement | undefined;
  /** A plan goes on where a check is about the moment of the deploy. */
  readonly mode: 'plan' | 'deploy';
  readonly service: Service;
  /** The revision that the service runs. */
  readonly current: TaskDefinition;
  /** The task definition that is to run. */
  readonly wanted: TaskDefinitionDocument;
  /** Further members of the update, as UpdateService would get them. */
  readonly members?: { readonly [member: string]: Json };
  /** What was seen a moment before, and is not asked for again. */
  readonly known?: KnownAnswers | undefined;
  /** CloudWatch alarms of contract and manifest, by name. */
  readonly alarms: readonly string[];
  /** What to do about a deployment that is in progress. */
  readonly ifInProgress: 'wait' | 'fail' | 'replace' | 'attach';
  /** How long the run may wait for the deployment, in milliseconds. */
  readonly wait: number;
  /** A rollback or a recovery: what cannot be seen does not hold it up. */
  readonly recovers: boolean;
  /** Checks that were accepted beforehand; only those that warn count. */
  readonly waivers: readonly Waiver[];
}

export interface Preflight {
  readonly checks: readonly Check[];
  /** Markdown for the summary. */
  readonly summary: string;
  /** For the record of a change. */
  report(change: string): PreflightReport;
}

/**
 * Looks at everything that a deploy needs, all at once and without changing anything, and judges it. Says one line for
 * each check that does not pass. Throws PREFLIGHT_FAILED with every check that blocks: what could not be deployed as things
 * are is not put before people for approval either.
 */
export async function preflight(world: PreflightWorld, subject: PreflightSubject): Promise<Preflight> {
  const { runner, clock } = world;
  const { mode, recovers, waivers, ref } = subject;
  const checks = judgeAll(await observeSurroundings(world, subject), {
    recovers,
    waivers,
    plans: mode === 'plan',
  });
  const judgedAt = new Date(clock.now()).toISOString();
  for (const check of checks) {
    if (check.result === 'waived') runner.info(sayCheck(check));
    else if (check.result !== 'pass' && !check.blocks) runner.warning(sayCheck(check));
  }
  runner.info(sayPassed(checks));
  const blocking = checks.filter(({ blocks }) => blocks);
  if (blocking.length > 0) {
    const told = blocking.map((check) => `${sayCheck(check).replace(/\.$/, '')} (${check.owner})`);
    throw failures.preflightFailed(ref.target.service, told);
  }
  return {
    checks,
    summary: preflightSummary(checks),
    report: (change) => ({
      schemaVersion: 1,
      change,
      mode,
      judgedAt,
      checks: checks.map(({ waiver, ...check }) => ({ ...check, waiver: waiver ?? null })),
    }),
  };
}

/** What a contract says of a service's ref. */
export function agreedPlacement({ target, environment, service, names }: Admission): AgreedPlacement {
  const layer = environment.layers[service.layer];
  return {
    tenant: target.tenant,
    environment: target.environment,
    vpc: environment.vpc.id,
    zones: environment.zones,
    subnets: layer?.subnets ?? [],
    securityGroups: layer?.securityGroups ?? [],
    repository: names.repository,
    targetGroup: names.targetGroup,
    loadBalancer: names.loadBalancer,
    capacity: service.capacity,
  };
}
