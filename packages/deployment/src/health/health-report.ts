import { isDigest } from '@tenant-delivery/domain';
import * as v from 'valibot';

const text = v.nullable(v.string());
const digest = v.custom<`sha256:${string}`>((value) => typeof value === 'string' && isDigest(value));

/** What was watched after all tasks were healthy. */
const Bake = v.strictObject({
  beganAt: v.string(),
  minutes: v.number(),
  samples: v.strictObject({
    needed: v.number(),
    seen: v.number(),
    /** `minutes with requests` or `looks`. */
    of: v.string(),
  }),
  /** States as CloudWatch said them. Sentences quote its reasons. */
  alarms: v.array(
    v.strictObject({
      name: v.string(),
      verdict: v.string(),
      before: v.string(),
      during: v.array(v.string()),
      after: v.string(),
      says: v.string(),
    }),
  ),
  slo: v.nullable(
    v.strictObject({
      errorPercent: v.strictObject({ limit: v.nullable(v.number()), seen: v.nullable(v.number()) }),
      p95Milliseconds: v.strictObject({ limit: v.nullable(v.number()), seen: v.nullable(v.number()) }),
      requests: v.number(),
      errors: v.number(),
      from: v.string(),
      until: v.string(),
    }),
  ),
  /** `going` when the run ended before the bake did. */
  verdict: v.picklist(['going', 'healthy', 'unhealthy', 'inconclusive']),
  why: v.array(v.string()),
});

/** What an own task was answered that asked the balancer from inside, after all tasks were healthy. */
const Probe = v.strictObject({
  path: v.string(),
  /** A status or a range of them. */
  status: v.string(),
  seconds: v.number(),
  /** What was asked, and by which name; `null` when no way to the service was found. */
  url: text,
  host: text,
  /** ARN of the task; `null` when none was started. */
  task: text,
  answered: v.strictObject({ status: v.nullable(v.number()), milliseconds: v.nullable(v.number()) }),
  verdict: v.picklist(['healthy', 'unhealthy', 'inconclusive', 'cancelled']),
  why: v.string(),
});

/** What was seen of the tasks of one deployment, in its last sample, and of its bake. Times are RFC 3339. */
export const HealthReport = v.strictObject({
  schemaVersion: v.literal(1),
  /** `null` for a service without a contract. */
  change: text,
  report: v.nullable(digest),
  healthy: v.boolean(),
  why: v.string(),
  /** What a reader should know although it decides nothing. */
  notes: v.array(v.string()),
  /** `null` when nothing had to be deployed. */
  serviceRevision: text,
  taskDefinition: v.string(),
  /** `null` when none was named. */
  image: text,
  loadBalancers: v.array(v.strictObject({ name: v.string(), scheme: v.string() })),
  targetGroups: v.array(v.strictObject({ arn: v.string(), name: v.string() })),
  needed: v.number(),
  zones: v.strictObject({ required: v.number(), healthy: v.array(v.string()) }),
  tasks: v.array(
    v.strictObject({
      task: v.string(),
      address: text,
      zone: text,
      digest: text,
      /** `healthy` when it is in every group; else its state in the first group where it is not. */
      state: v.string(),
      targets: v.array(
        v.strictObject({ group: v.string(), state: v.string(), reason: text, description: text }),
      ),
    }),
  ),
  samples: v.number(),
  /** Absent where none was asked for. */
  probe: v.optional(Probe),
  bake: v.nullable(Bake),
  judgedAt: v.string(),
});

export type HealthReport = v.InferOutput<typeof HealthReport>;
