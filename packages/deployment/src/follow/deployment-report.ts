import { isDigest } from '@tenant-delivery/domain';
import * as v from 'valibot';
import { TimelineEntry } from './timeline.ts';

const DEPLOY_OUTCOMES = [
  'deployed',
  'unchanged',
  'rolled-back',
  'rollback-failed',
  'failed',
  'superseded',
  'timed-out',
  'cancelled',
  /** ECS waits at a pause until somebody says how to go on: neither a failure nor an end. */
  'paused',
  /** ECS has the update, and this run was asked not to follow it. Only without a contract. */
  'started',
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
  /** What the target group said against the task while it lived; absent in reports of older releases. */
  target: v.optional(text),
  advice: v.string(),
  log: v.array(v.string()),
});

export type ReportedCause = v.InferOutput<typeof ReportedCause>;

/** What serves after a deployment that ended badly and was not taken back; `null` where it could not be seen. */
export const ServingNow = v.strictObject({
  taskDefinition: text,
  desired: v.nullable(v.number()),
  /** Running tasks by task definition. */
  running: v.record(v.string(), v.number()),
  /** Healthy targets by task definition; `null` when the target group could not be read. */
  healthy: v.nullable(v.record(v.string(), v.number())),
});

export type ServingNow = v.InferOutput<typeof ServingNow>;

/** What was seen on the way of a deployment that was followed. */
export const Followed = v.strictObject({
  /** Where it was seen: in the service deployment, or only in the service's own list, which tells less. */
  seenIn: v.picklist(['service-deployment', 'rollout-entry']),
  /** ECS's word, such as `ROLLING` or `CANARY`. */
  strategy: v.string(),
  /** ECS's word for the last lifecycle stage seen. */
  stage: text,
  status: v.string(),
  /** Seconds that the rollout was allowed, configured waiting included. */
  limitSeconds: v.number(),
  /** The pause that it waits at; `null` unless the outcome is `paused`. */
  pause: v.nullable(v.strictObject({ hook: v.string(), stage: text, expiresAt: text, timeoutAction: text })),
  /** Names of alarms that were triggered. */
  alarms: v.array(v.string()),
  /** Per cent of production and test traffic that the new revision was to get, each change once. */
  weights: v.array(
    v.strictObject({ at: v.string(), production: v.nullable(v.number()), test: v.nullable(v.number()) }),
  ),
  timeline: v.array(TimelineEntry),
  serving: v.nullable(ServingNow),
});

export type Followed = v.InferOutput<typeof Followed>;

/** How one deployment went. Verifying starts from this and never from "the latest". Times are RFC 3339. */
export const DeploymentReport = v.strictObject({
  schemaVersion: v.literal(1),
  /** `null` without a contract, as tenant, environment and plan are. */
  change: text,
  target: v.strictObject({
    tenant: text,
    environment: text,
    account: v.string(),
    region: v.string(),
    service: v.string(),
  }),
  plan: v.nullable(v.custom<`sha256:${string}`>((value) => typeof value === 'string' && isDigest(value))),
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
  /** `null` when none was followed; absent in reports of older releases. */
  followed: v.optional(v.nullable(Followed)),
  startedAt: v.string(),
  finishedAt: v.string(),
});

export type DeploymentReport = v.InferOutput<typeof DeploymentReport>;
