import type { HealthReport } from '@tenant-delivery/deployment/health/health-report';
import { healthyZones, stateOf } from '@tenant-delivery/deployment/health/health-sample';
import { errorPercentOf } from '@tenant-delivery/deployment/health/slo';
import { zonesRequired } from '@tenant-delivery/deployment/health/zones';
import type { Digest } from '@tenant-delivery/domain';
import type { BakeResult } from '../bake/bake.ts';
import { type ProbeResult, urlOf } from '../probe/probe.ts';
import type { Subject } from '../subject/subject.ts';
import type { Ending, WatchResult } from './ending.ts';

/** The change and the deployment report that are verified; `null` without a contract. */
export interface About {
  readonly change: string | null;
  readonly report: Digest | null;
}

/** What was seen, as the record keeps it. `now` is milliseconds since the epoch. */
export function healthReport(
  about: About,
  subject: Subject,
  { seen, baked, probed }: WatchResult,
  { why, verdict }: Ending,
  now: number,
): HealthReport {
  const balancers = new Map(
    subject.groups
      .flatMap(({ balancers }) => balancers)
      .map(({ arn, name, scheme }) => [arn, { name, scheme }]),
  );
  return {
    schemaVersion: 1,
    ...about,
    healthy: verdict === 'healthy',
    why,
    notes: [...seen.notes],
    serviceRevision: subject.serviceRevision,
    taskDefinition: subject.taskDefinition,
    image: subject.image,
    loadBalancers: [...balancers.values()],
    targetGroups: subject.groups.map(({ group: { arn, name } }) => ({ arn, name })),
    needed: seen.needed,
    zones: {
      required: zonesRequired(subject.zones.agreed, seen.needed),
      healthy: [...healthyZones(seen.tasks)],
    },
    tasks: seen.tasks.map((each) => ({
      task: each.task,
      address: each.address ?? null,
      zone: each.zone ?? null,
      digest: each.digest ?? null,
      state: stateOf(each),
      targets: each.targets.map(({ group, state, reason, description }) => ({
        group,
        state,
        reason: reason ?? null,
        description: description ?? null,
      })),
    })),
    samples: seen.samples,
    ...(probed && { probe: probeReport(probed) }),
    bake: baked ? bakeReport(baked) : null,
    judgedAt: iso(now),
  };
}

function bakeReport({ terms, began, judgement, measured, looks }: BakeResult): HealthReport['bake'] {
  return {
    beganAt: iso(began.at),
    minutes: terms.minutes,
    samples: {
      needed: terms.samples,
      seen: terms.slo ? (measured?.samples ?? 0) : looks,
      of: terms.slo ? 'minutes with requests' : 'looks',
    },
    alarms: judgement.alarms.map((alarm) => ({ ...alarm, during: [...alarm.during] })),
    slo: measured
      ? {
          errorPercent: {
            limit: terms.slo?.errorPercent ?? null,
            seen: errorPercentOf(measured) ?? null,
          },
          p95Milliseconds: {
            limit: terms.slo?.p95Milliseconds ?? null,
            seen: measured.p95Milliseconds ?? null,
          },
          requests: measured.requests,
          errors: measured.errors,
          from: iso(measured.from),
          until: iso(measured.until),
        }
      : null,
    verdict: judgement.verdict,
    why: [...judgement.why],
  };
}

function probeReport({ terms, route, task, status, milliseconds, verdict, why }: ProbeResult) {
  return {
    ...terms,
    url: route ? urlOf(route) : null,
    host: route?.name ?? null,
    task: task ?? null,
    answered: { status, milliseconds },
    verdict,
    why,
  };
}

export function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
