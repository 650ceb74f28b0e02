import { code, escapeMarkdown, table } from '@tenant-delivery/action-kit/markdown';
import type { HealthReport } from '@tenant-delivery/deployment';
import type { Seen } from './watch.ts';

export function headlineOf(service: string, seen: Seen): string {
  if (seen.end === 'verified') return `${service} is verified: ${seen.why}.`;
  if (seen.end === 'cancelled') return `${service} is not verified: ${seen.why}.`;
  return `${service} is not healthy: ${seen.why}.`;
}

export function remedyOf(seen: Seen): string {
  switch (seen.end) {
    case 'superseded':
      return 'Find out who deployed outside of this record; then start a new run.';
    case 'wrong-image':
      return 'Stop: tasks run an image that was not approved. Find out who changed the service, and start the rollback workflow.';
    case 'cancelled':
      return 'Run this job again to finish verifying.';
    default:
      return `${seen.advice ?? 'Look at the tasks and at the target group.'} Start the rollback workflow if the service is disturbed.`;
  }
}

/** Tasks by zone, as a manager reads them. */
export function summaryOf(health: HealthReport): string {
  const rows = health.tasks.map(({ task, zone, state, reason, digest }) => [
    code(task.split('/').at(-1) ?? task),
    zone ?? 'unknown',
    reason ? `${escapeMarkdown(state)} (${code(reason)})` : escapeMarkdown(state),
    digest ? code(digest) : 'unknown',
  ]);
  const zones = `${health.zones.healthy.length} of ${health.zones.required}`;
  return [
    `### Target health: ${health.healthy ? 'verified' : 'not verified'}`,
    `${escapeMarkdown(health.why)}.`,
    `Change ${code(health.change)}, ${code(health.image)}, behind ${code(health.loadBalancer.name)} (${health.loadBalancer.scheme}). Zones with a healthy task: ${zones} that are needed.`,
    table(['task', 'zone', 'target', 'runs'], rows),
  ].join('\n\n');
}
