import { code, escapeMarkdown, table } from '@tenant-delivery/action-kit/markdown';
import type { DeploymentReport, DeployOutcome, ReportedCause } from '@tenant-delivery/deployment';

const SAID: Readonly<Record<DeployOutcome, string>> = {
  deployed: 'deployed',
  unchanged: 'unchanged, it runs this already',
  'rolled-back': 'failed, and was rolled back',
  'rollback-failed': 'failed, and the rollback failed too: the service may be degraded',
  failed: 'failed',
  superseded: 'was superseded by another deployment',
  'timed-out': 'was not done in time',
  cancelled: 'was left behind by a cancelled run',
};

export function deployHeadline({ outcome, target, why }: DeploymentReport): string {
  if (outcome === 'deployed') return `${target.service} is deployed.`;
  if (outcome === 'unchanged') return `${target.service} runs this already; nothing was deployed.`;
  return `The deployment of ${target.service} ${SAID[outcome]}: ${sentence(why, false)}`;
}

export function deployRemedy({ outcome, causes }: DeploymentReport): string {
  const advice = causes[0]?.advice;
  switch (outcome) {
    case 'rollback-failed':
      return 'Look at the service now: ECS could not bring the previous version back. Start the rollback workflow, and call the provider.';
    case 'superseded':
      return 'Find out who deployed outside of this record; then start a new run.';
    case 'cancelled':
      return 'ECS goes on by itself. Look at the service deployment that the summary names, then start a new run.';
    case 'timed-out':
      return (
        advice ?? 'Read the service events; raise `timeout-minutes` if the service needs longer to start.'
      );
    default:
      return advice ?? 'Read the service events and the tasks that stopped.';
  }
}

export function deploySummary(report: DeploymentReport): string {
  const { target, tasks, breaker, zones } = report;
  const rows = [
    ['image', code(report.image)],
    ['task definition', code(report.taskDefinition)],
    ['task definition before', code(report.previousTaskDefinition)],
    ...(report.serviceDeployment ? [['service deployment', code(report.serviceDeployment)]] : []),
    ...(tasks
      ? [['tasks of this deployment', `${tasks.running} of ${tasks.requested} running at the end`]]
      : []),
    ...(Object.keys(zones).length > 0
      ? [
          [
            'tasks by zone',
            Object.entries(zones)
              .map(([zone, count]) => `${escapeMarkdown(zone)}: ${count}`)
              .join(', '),
          ],
        ]
      : []),
    ...(breaker && breaker.failures > 0
      ? [['circuit breaker', `${breaker.failures} of ${breaker.threshold} failures`]]
      : []),
    ['began, ended', `${report.startedAt}, ${report.finishedAt} (${secondsOf(report)} s)`],
  ];
  return [
    `### ${code(target.service)} of ${code(`${target.tenant}/${target.environment}`)}: ${SAID[report.outcome]}`,
    `Change ${code(report.change)}, plan ${code(report.plan)}. ${escapeMarkdown(sentence(report.why))}`,
    table(['what', 'value'], rows),
    ...report.causes.map(causeSection),
  ].join('\n\n');
}

function causeSection(cause: ReportedCause): string {
  const seen = [
    cause.container ? `container ${code(cause.container)}` : 'the task',
    cause.exitCode === null ? '' : `exit code ${cause.exitCode}`,
    cause.containerReason ? code(cause.containerReason) : '',
    cause.stoppedReason ? code(cause.stoppedReason) : '',
  ].filter(Boolean);
  const log = cause.log.map((line) => `    ${line.replace(/[\r\n]/g, ' ')}`).join('\n');
  return [
    `**Cause (${cause.count} ${cause.count === 1 ? 'task' : 'tasks'}): ${cause.class}**`,
    `${seen.join(', ')}. ${escapeMarkdown(cause.advice)}`,
    ...(log ? [`Last lines of ${code(cause.task.split('/').at(-1) ?? cause.task)}:`, log] : []),
  ].join('\n\n');
}

function secondsOf({ startedAt, finishedAt }: DeploymentReport): number {
  return Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
}

function sentence(text: string, capital = true): string {
  const first = text.charAt(0);
  return `${capital ? first.toUpperCase() : first}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
