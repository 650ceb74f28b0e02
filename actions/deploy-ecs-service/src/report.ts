import { code, escapeMarkdown, table } from '@tenant-delivery/action-kit/markdown';
import {
  type DeploymentReport,
  type DeployOutcome,
  type Followed,
  REPLACED,
  type ReportedCause,
} from '@tenant-delivery/deployment';
import { isLocalAccount } from '@tenant-delivery/domain';
import { consoleLink } from './console-link.ts';
import { rolloutDiagram } from './rollout-diagram.ts';
import { sayServing } from './serving-now.ts';

const SAID: Readonly<Record<DeployOutcome, string>> = {
  deployed: 'deployed',
  unchanged: 'unchanged, it runs this already',
  'rolled-back': 'failed, and was rolled back',
  'rollback-failed': 'failed, and the rollback failed too: the service may be degraded',
  failed: 'failed',
  superseded: 'was superseded by another deployment',
  'timed-out': 'was not done in time',
  cancelled: 'was left behind by a cancelled run',
  paused: 'waits at a pause',
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
  const { target, tasks, breaker, followed, serviceDeployment } = report;
  const link =
    serviceDeployment && !isLocalAccount(target.account) ? consoleLink(serviceDeployment) : undefined;
  const rows: (readonly [string, string])[] = [
    ['image', code(report.image)],
    ['task definition', code(report.taskDefinition)],
    ['task definition before', code(report.previousTaskDefinition)],
  ];
  if (serviceDeployment) {
    rows.push([
      'service deployment',
      `${code(serviceDeployment)}${link ? ` ([open in the console](${link}))` : ''}`,
    ]);
  }
  if (followed) rows.push(['strategy', `${code(followed.strategy)}${stageOf(followed)}`]);
  if (followed?.pause) rows.push(['waits at', sayPause(followed.pause)]);
  if (tasks) {
    rows.push(['tasks of this deployment', `${tasks.running} of ${tasks.requested} running at the end`]);
  }
  if (breaker && breaker.failures > 0) {
    rows.push(['circuit breaker', `${breaker.failures} of ${breaker.threshold} failures`]);
  }
  if (followed && followed.alarms.length > 0) rows.push(['alarms', followed.alarms.map(code).join(', ')]);
  if (followed && followed.weights.length > 0) rows.push(['traffic', sayWeights(followed.weights)]);
  if (followed?.serving) rows.push(['serves now', escapeMarkdown(sayServing(followed.serving))]);
  rows.push(['began, ended', `${report.startedAt}, ${report.finishedAt} (${secondsOf(report)} s)`]);
  return [
    `### ${code(target.service)} ${placeOf(report)}: ${SAID[report.outcome]}`,
    `${recordOf(report)}${escapeMarkdown(sentence(report.why))}`,
    table(['what', 'value'], rows),
    ...report.causes.map(causeSection),
    ...zoneTable(report),
    ...(followed ? [rolloutDiagram(followed.timeline, report.finishedAt)].filter(Boolean) : []),
    ...(followed?.seenIn === 'rollout-entry' ? [DEGRADED] : []),
  ].join('\n\n');
}

const DEGRADED =
  "This role may not look at service deployments, so only the service's own list was followed: no stages, weights, alarms or circuit breaker.";

/** Tasks of this deployment by zone: those that run, once they were counted, and those that ended. */
function zoneTable({ zones, followed }: DeploymentReport): readonly string[] {
  const ended = new Map<string, number>();
  for (const { kind, zone, ended: how } of followed?.timeline ?? []) {
    const failed = kind === 'task' && zone !== null && how !== null && how !== REPLACED;
    if (failed) ended.set(zone, (ended.get(zone) ?? 0) + 1);
  }
  const names = [...new Set([...Object.keys(zones), ...ended.keys()])].sort();
  if (names.length === 0) return [];
  const counted = Object.keys(zones).length > 0;
  return [
    table(
      ['zone', ...(counted ? ['running'] : []), 'failed'],
      names.map((zone) => [
        code(zone),
        ...(counted ? [String(zones[zone] ?? 0)] : []),
        String(ended.get(zone) ?? 0),
      ]),
    ),
  ];
}

function stageOf({ stage }: Followed): string {
  return stage === null ? '' : `, last seen at ${code(stage)}`;
}

function sayPause({ hook, stage, expiresAt, timeoutAction }: NonNullable<Followed['pause']>): string {
  const until = expiresAt === null ? '' : `, until ${expiresAt}`;
  const then = timeoutAction === null ? '' : `, then ECS does ${code(timeoutAction)}`;
  return `the pause ${code(hook)}${stage === null ? '' : ` at ${code(stage)}`}${until}${then}`;
}

function sayWeights(weights: Followed['weights']): string {
  return weights
    .map(({ at, production, test }) => {
      const tested = test === null || test === 0 ? '' : ` (test ${test} %)`;
      return `${at.slice(11, 19)} ${production ?? 0} %${tested}`;
    })
    .join(' → ');
}

function causeSection(cause: ReportedCause): string {
  const seen = [
    cause.container ? `container ${code(cause.container)}` : 'the task',
    cause.exitCode === null ? '' : `exit code ${cause.exitCode}`,
    cause.containerReason ? code(cause.containerReason) : '',
    cause.stoppedReason ? code(cause.stoppedReason) : '',
    cause.target ? `the load balancer said ${code(cause.target)}` : '',
  ].filter(Boolean);
  const log = cause.log.map((line) => `    ${line.replace(/[\r\n]/g, ' ')}`).join('\n');
  return [
    `**Cause (${cause.count} ${cause.count === 1 ? 'task' : 'tasks'}): ${cause.class}**`,
    `${seen.join(', ')}. ${escapeMarkdown(cause.advice)}`,
    ...(log ? [`Last lines of ${code(cause.task.split('/').at(-1) ?? cause.task)}:`, log] : []),
  ].join('\n\n');
}

function placeOf({ target, cluster }: DeploymentReport): string {
  return target.tenant === null
    ? `in ${code(cluster)} of account ${code(target.account)}`
    : `of ${code(`${target.tenant}/${target.environment}`)}`;
}

function recordOf({ change, plan }: DeploymentReport): string {
  return change === null || plan === null ? '' : `Change ${code(change)}, plan ${code(plan)}. `;
}

function secondsOf({ startedAt, finishedAt }: DeploymentReport): number {
  return Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
}

function sentence(text: string, capital = true): string {
  const first = text.charAt(0);
  return `${capital ? first.toUpperCase() : first}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
