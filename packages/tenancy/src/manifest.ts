import { whole } from '@tenant-delivery/action-kit/schema';
import { SERVICE, TENANT } from '@tenant-delivery/domain';
import { ScanWish } from '@tenant-delivery/findings/policy';
import * as v from 'valibot';
import { isStatusRange, PROBE_PATH } from './probe-wish.ts';

/** What a customer says about one service: `.delivery/service.yaml`. Wishes, until the contract confirms them. */
export const ServiceManifest = v.strictObject({
  schemaVersion: v.literal(1, 'must be 1'),
  tenant: v.pipe(v.string(), v.regex(TENANT, 'must be a tenant id')),
  name: v.pipe(v.string(), v.regex(SERVICE, 'must be a service name')),
  layer: v.pipe(v.string(), v.minLength(1, 'is empty')),
  container: v.strictObject({
    /** The container of the task definition that the image goes into. */
    name: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,255}$/, 'must be a container name')),
    port: whole(1, 65_535),
    /** CPU units, 1024 to a core. */
    cpu: v.optional(whole(128, 16_384)),
    /** MiB. */
    memory: v.optional(whole(128, 122_880)),
  }),
  health: v.strictObject({
    path: v.pipe(v.string(), v.regex(/^\/[^\s?#]*$/, 'must be a path such as /healthz')),
    /** How long the service may take before failed checks count. */
    graceSeconds: v.optional(whole(0, 3600)),
  }),
  scaling: v.optional(v.strictObject({ min: whole(1, 5000), max: whole(1, 5000) })),
  scan: v.optional(ScanWish),
  /** CloudWatch alarms that are watched while a delivery bakes, beside those of the contract. */
  alarms: v.optional(v.array(v.pipe(v.string(), v.regex(/^[\x20-\x7e]{1,255}$/, 'must be an alarm name')))),
  /** What requests must get while a delivery bakes, at the internal balancer. */
  slo: v.optional(
    v.strictObject({
      /** Per cent of the requests that may end in 5xx. */
      errorPercent: v.optional(v.pipe(v.number('must be a number'), v.minValue(0), v.maxValue(100))),
      p95Milliseconds: v.optional(whole(1, 600_000)),
    }),
  ),
  /** How long a delivery is watched after its tasks are healthy, and how many samples that must give. */
  bake: v.optional(v.strictObject({ minutes: whole(1, 1440), samples: v.optional(whole(1, 1440)) })),
  /** A request through the internal balancer that must be answered well before a delivery is verified. */
  probe: v.optional(
    v.strictObject({
      path: v.pipe(v.string(), v.regex(PROBE_PATH, 'must be a path such as /healthz, without a query')),
      /** A status or a range of them, such as 200-299; 200 when absent. */
      status: v.optional(
        v.pipe(
          v.union([v.number(), v.string()], 'must be a status or a range'),
          v.transform(String),
          v.check(isStatusRange, 'must be a status such as 200, or a range such as 200-299'),
        ),
      ),
      /** How long the answer may take; 5 when absent. */
      seconds: v.optional(whole(1, 30)),
    }),
  ),
});
export type ServiceManifest = v.InferOutput<typeof ServiceManifest>;
