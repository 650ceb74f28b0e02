import type { Admission } from '@tenant-delivery/delivery';
import {
  type DeploymentReport,
  type HealthReport,
  healthyZones,
  zonesRequired,
} from '@tenant-delivery/deployment';
import type { Digest } from '@tenant-delivery/domain';
import type { Place } from './find-targets.ts';
import type { Seen } from './watch.ts';

/** What was seen, as the record keeps it. `now` is milliseconds since the epoch. */
export function healthReport(
  { environment }: Admission,
  report: DeploymentReport,
  digest: Digest,
  { loadBalancer, targetGroup }: Place,
  seen: Seen,
  now: number,
): HealthReport {
  return {
    schemaVersion: 1,
    change: report.change,
    report: digest,
    healthy: seen.end === 'verified',
    why: seen.why,
    serviceRevision: report.serviceRevision,
    taskDefinition: report.taskDefinition,
    image: report.image,
    loadBalancer: { name: loadBalancer.name, scheme: loadBalancer.scheme },
    targetGroup: targetGroup.arn,
    desired: seen.desired,
    zones: {
      required: zonesRequired(environment.zones.length, seen.desired),
      healthy: [...healthyZones(seen.tasks)],
    },
    tasks: seen.tasks.map(({ task, address, zone, digest: runs, state, reason, description }) => ({
      task,
      address: address ?? null,
      zone: zone ?? null,
      digest: runs ?? null,
      state,
      reason: reason ?? null,
      description: description ?? null,
    })),
    samples: seen.samples,
    judgedAt: new Date(now).toISOString(),
  };
}
