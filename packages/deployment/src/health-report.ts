import { isDigest } from '@tenant-delivery/domain';
import * as v from 'valibot';

const text = v.nullable(v.string());

/** What was seen of the tasks of one deployment, in its last sample. Times are RFC 3339. */
export const HealthReport = v.strictObject({
  schemaVersion: v.literal(1),
  change: v.string(),
  report: v.custom<`sha256:${string}`>((value) => typeof value === 'string' && isDigest(value)),
  healthy: v.boolean(),
  why: v.string(),
  /** `null` when nothing had to be deployed. */
  serviceRevision: text,
  taskDefinition: v.string(),
  image: v.string(),
  loadBalancer: v.strictObject({ name: v.string(), scheme: v.string() }),
  targetGroup: v.string(),
  desired: v.number(),
  zones: v.strictObject({ required: v.number(), healthy: v.array(v.string()) }),
  tasks: v.array(
    v.strictObject({
      task: v.string(),
      address: text,
      zone: text,
      digest: text,
      state: v.string(),
      reason: text,
      description: text,
    }),
  ),
  samples: v.number(),
  judgedAt: v.string(),
});

export type HealthReport = v.InferOutput<typeof HealthReport>;
