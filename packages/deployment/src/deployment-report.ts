import { isDigest } from '@tenant-delivery/domain';
import * as v from 'valibot';

export const DEPLOY_OUTCOMES = [
  'deployed',
  'unchanged',
  'rolled-back',
  'rollback-failed',
  'failed',
  'superseded',
  'timed-out',
  'cancelled',
] as const;

export type DeployOutcome = (typeof DEPLOY_OUTCOMES)[number];

const text = v.nullable(v.string());

/** Why tasks of the deployment stopped. Log lines and reasons are others' words. */
export const ReportedCause = v.strictObject({
  class: v.string(),
  certainty: v.string(),
  count: v.number(),
  task: v.string(),
  stopCode: text,
  stoppedReason: text,
  container: text,
  exitCode: v.nullable(v.number()),
  containerReason: text,
  advice: v.string(),
  log: v.array(v.string()),
});

export type ReportedCause = v.InferOutput<typeof ReportedCause>;

/** How one deployment went. Verifying starts from this and never from "the latest". Times are RFC 3339. */
export const DeploymentReport = v.strictObject({
  schemaVersion: v.literal(1),
  change: v.string(),
  target: v.strictObject({
    tenant: v.string(),
    environment: v.string(),
    account: v.string(),
    region: v.string(),
    service: v.string(),
  }),
  plan: v.custom<`sha256:${string}`>((value) => typeof value === 'string' && isDigest(value)),
  outcome: v.picklist(DEPLOY_OUTCOMES),
  why: v.string(),
  cluster: v.string(),
  container: v.string(),
  image: v.string(),
  taskDefinition: v.string(),
  previousTaskDefinition: v.string(),
  /** `null` when no deployment was made or none was found. */
  serviceDeployment: text,
  serviceRevision: text,
  /** `ecs-svc/…`: what the deployment's tasks carry in `startedBy`. */
  rollout: text,
  tasks: v.nullable(v.strictObject({ requested: v.number(), running: v.number(), pending: v.number() })),
  /** Running tasks of the new revision by zone, once it was deployed. */
  zones: v.record(v.string(), v.number()),
  breaker: v.nullable(v.strictObject({ failures: v.number(), threshold: v.number() })),
  causes: v.array(ReportedCause),
  startedAt: v.string(),
  finishedAt: v.string(),
});

export type DeploymentReport = v.InferOutput<typeof DeploymentReport>;
