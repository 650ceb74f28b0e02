import { code, escapeMarkdown, folded, prose, table } from '@tenant-delivery/action-kit/markdown';
import type { HealthReport } from '@tenant-delivery/deployment/health/health-report';
import { shortTask } from '@tenant-delivery/deployment/health/health-sample';
import { lastOf, utcOf } from '@tenant-delivery/deployment/plain-names';
import { shortDigests } from '@tenant-delivery/domain';
import type { TargetsEnding } from '../watch/watch.ts';
import type { Ending } from './ending.ts';

export function headlineOf(service: string, { how, verdict, why }: Ending, next: string | undefined): string {
  if (how === 'baking')
    return `${service} is healthy and bakes; it can be concluded from ${utc(next)} on (${why}).`;
  if (how === 'verified') return `${service} is verified: ${why}.`;
  return verdict === 'unhealthy' && how !== 'superseded'
    ? `${service} is not healthy: ${why}.`
    : `${service} is not verified: ${why}.`;
}

export function remedyOf({ how }: Ending, { advice }: TargetsEnding): string {
  switch (how) {
    case 'superseded':
      return 'Find out who else deployed it; then start a new run.';
    case 'wrong-image':
      return 'Stop: tasks run an image that was not approved. Find out who changed the service, and tell the provider, who can start rollback.yml of the operations repository.';
    case 'cancelled':
      return 'Run this job again to finish verifying; a bake that has begun is concluded by verify.yml.';
    case 'unverifiable':
      return `${advice ?? 'Look at the target group.'} Then deliver again.`;
    case 'at-rest':
      return 'Raise the desired count, or the minimum of auto scaling. Once a task runs, deliver again; without a contract, run this again.';
    case 'probed-badly':
      return 'The tasks are healthy and a client is not served well: look at what the path does beyond the health check, at the listener and its rules. If the service is disturbed, have the provider start rollback.yml of the operations repository.';
    case 'probed-unproven':
      return 'Nothing shows that the service is ill, and nothing proves that clients are served. Fix what kept the probe from running, then deliver again or roll back.';
    case 'baked-badly':
      return 'Look at what the reason names; have the provider start rollback.yml of the operations repository, or deliver a corrected version.';
    case 'baked-unproven':
      return 'Nothing shows that the service is ill, and nothing proves that it is healthy. Fix what prevented the proof (alarms without data, no requests), then deliver again or roll back.';
    default:
      return `${advice ?? 'Look at the tasks and at the target group.'} If the service is disturbed, have the provider start rollback.yml of the operations repository.`;
  }
}

const TITLE: Readonly<Record<'healthy' | 'unhealthy' | 'inconclusive' | 'open', string>> = {
  healthy: 'verified',
  unhealthy: 'not healthy',
  inconclusive: 'not proven',
  open: 'not concluded',
};

/** What was found and what to do, then tasks by zone, alarms and requests, as a manager reads them. */
export function summaryOf(
  service: string,
  health: HealthReport,
  ending: Ending,
  next: string | undefined,
  remedy: string | undefined,
): string {
  const zones = `${health.zones.healthy.length} of ${health.zones.required}`;
  const balancers = health.loadBalancers.map(
    ({ name, scheme }) => `${code(name)} (${escapeMarkdown(scheme)})`,
  );
  const about = [
    health.image ? code(health.image) : code(lastOf(health.taskDefinition)),
    `behind ${balancers.join(', ') || 'no load balancer'}`,
    ...(health.change ? [`change ${code(health.change)}`] : []),
  ];
  const title = TITLE[ending.verdict ?? 'open'];
  const found = [
    `Zones with a healthy task: ${zones} that are needed.`,
    ...(health.tasks.length > 0 ? [zoneTable(health), taskTable(health)] : []),
    ...(health.probe ? [probeLine(health.probe)] : []),
    ...(health.bake ? bakeParts(health.bake) : []),
    ...(health.notes.length > 0 ? [health.notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n')] : []),
    `${capital(about.join(', '))}.`,
  ];
  if (remedy === undefined && next === undefined)
    return folded(`Target health of ${service}: ${title}`, `${capital(health.why)}.`, ...found);
  return [
    `### Target health of ${code(service)}: ${title}`,
    `${escapeMarkdown(capital(health.why))}.`,
    ...(remedy === undefined ? [] : [`**What to do:** ${prose(remedy)}`]),
    ...(next === undefined ? [] : [`**To be concluded** from ${utc(next)} on, by ${code('verify.yml')}.`]),
    ...found,
  ].join('\n\n');
}

function zoneTable({ tasks }: HealthReport): string {
  const zones = [...new Set(tasks.map(({ zone }) => zone))].sort();
  const rows = zones.map((zone) => {
    const there = tasks.filter((task) => task.zone === zone);
    const healthy = there.filter(({ state }) => state === 'healthy').length;
    return [zone ?? 'unknown', `${healthy} of ${there.length}`];
  });
  return table(['zone', 'healthy tasks'], rows);
}

function taskTable({ tasks, targetGroups, image }: HealthReport): string {
  const approved = image?.split('@')[1];
  const several = targetGroups.length > 1;
  const rows = tasks.flatMap(({ task, zone, digest, targets }) =>
    targets.map(({ group, state, reason }) => [
      code(shortTask(task)),
      zone ?? 'unknown',
      ...(several ? [code(group)] : []),
      reason ? `${escapeMarkdown(state)} (${code(reason)})` : escapeMarkdown(state),
      digest === null ? 'unknown' : digest === approved ? 'this image' : code(shortDigests(digest)),
    ]),
  );
  return table(['task', 'zone', ...(several ? ['group'] : []), 'target', 'runs'], rows);
}

function probeLine({
  url,
  host,
  status,
  seconds,
  answered,
  verdict,
  why,
}: NonNullable<HealthReport['probe']>): string {
  const at = url === null ? '' : ` of ${code(url)} (host ${code(host ?? '')})`;
  const got =
    answered.status === null ? '' : ` It got ${answered.status} in ${answered.milliseconds ?? 'some'} ms.`;
  return `Probe from inside${at}: ${verdict} (${escapeMarkdown(why)}).${got} It must get ${status} in ${seconds} s.`;
}

function bakeParts(bake: NonNullable<HealthReport['bake']>): readonly string[] {
  const { alarms, slo, samples, beganAt, minutes, verdict } = bake;
  const words = verdict === 'going' ? 'goes on' : verdict;
  const line = `Bake of ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} since ${utc(beganAt)}: ${words}; samples (${samples.of}): ${samples.seen}, and ${samples.needed} are needed.`;
  const states = alarms.map(({ name, before, during, after, verdict: judged }) => [
    code(name),
    code(before),
    during.map(code).join(', ') || 'no other',
    code(after),
    judged,
  ]);
  const figures = slo
    ? [
        figure('requests that failed, %', slo.errorPercent, `${slo.errors} of ${slo.requests}`),
        figure('p95 latency, ms', slo.p95Milliseconds, `${utc(slo.from)} to ${utc(slo.until)}`),
      ]
    : [];
  return [
    line,
    ...(states.length > 0 ? [table(['alarm', 'before', 'during', 'after', 'says'], states)] : []),
    ...(figures.length > 0 ? [table(['', 'allowed', 'seen', 'measured over'], figures)] : []),
  ];
}

function figure(
  name: string,
  { limit, seen }: { readonly limit: number | null; readonly seen: number | null },
  over: string,
): readonly string[] {
  const shown = seen === null ? 'no data' : String(Math.round(seen * 100) / 100);
  return [name, limit === null ? 'not agreed' : String(limit), shown, over];
}

function utc(time: string | undefined): string {
  return time === undefined ? 'now' : utcOf(time);
}

function capital(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}
