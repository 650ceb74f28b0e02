import { code, escapeMarkdown, folded, prose, table } from '@tenant-delivery/action-kit/markdown';
import type {
  DeploymentReport,
  DeployOutcome,
  Followed,
  ReportedCause,
} from '@tenant-delivery/deployment/follow/deployment-report';
import { thenWhat } from '@tenant-delivery/deployment/follow/ending';
import { sayServing } from '@tenant-delivery/deployment/follow/serving-now';
import { REPLACED } from '@tenant-delivery/deployment/follow/timeline';
import { lastOf, utcOf, withNames } from '@tenant-delivery/deployment/plain-names';
import { shortDigests } from '@tenant-delivery/domain';
import { consoleLink } from './console-link.ts';
import { isBad } from './deployment-record.ts';
import { rolloutDiagram } from './rollout-diagram.ts';
import { endedBy } from './say-why.ts';

const SAID: Readonly<Record<DeployOutcome, string>> = {
  deployed: 'deployed',
  unchanged: 'unchanged, it runs this already',
  'rolled-back': 'failed, and was rolled back',
  'rollback-failed': 'failed, and the rollback failed too: the service may be degraded',
  failed: 'failed',
  superseded: 'was superseded by another deployment',
  'timed-out': 'was not done in time',
  cancelled: 'was left behind by a cancelled run',
  paused: 'has paused',
  started: 'started, not followed',
};

export function deployHeadline(report: DeploymentReport): string {
  const { outcome, target, why, causes, followed } = report;
  if (outcome === 'deployed') return `${target.service} is deployed.`;
  if (outcome === 'unchanged') return `${target.service} runs this already; nothing was deployed.`;
  if (outcome === 'started')
    return `The deployment of ${target.service} has started: ${sentence(why, false)}`;
  const ended = `The deployment of ${target.service} ${SAID[outcome]}: ${sentence(why, false)}`;
  if (outcome === 'paused') return `${ended} ${deployRemedy(report)}`;
  const serves = followed?.serving ? [`Serves now: ${sayServing(followed.serving)}.`] : [];
  return [ended, ...causes.slice(0, 1).flatMap(lastWords), ...serves].join('\n');
}

/** What says most of a cause beside its exit code: the balancer's word, and the last line that the container wrote. */
function lastWords({ target, container, log }: ReportedCause): readonly string[] {
  const line = log.findLast((each) => each.trim() !== '')?.trim();
  const wrote = `Last line of ${container ?? 'the task'}: ${line?.replace(/\s+/g, ' ').slice(0, LINE)}`;
  return [...(target ? [`The load balancer said ${target}.`] : []), ...(line ? [wrote] : [])];
}

const LINE = 300; // characters

export function deployRemedy({
  outcome,
  causes,
  followed,
  target,
  previousTaskDefinition,
}: DeploymentReport): string {
  const advice = causes[0]?.advice;
  const goesOn =
    followed?.status === 'IN_PROGRESS' ? ' ECS keeps trying until another deployment begins.' : '';
  switch (outcome) {
    case 'rollback-failed':
      return `Look at the service now: ECS could not bring the previous version back. ${
        target.tenant === null
          ? `Deploy the revision that ran before it: \`revision: ${lastOf(previousTaskDefinition)}\`.`
          : 'Call the provider, who can start rollback.yml of the operations repository.'
      }`;
    case 'superseded':
      return 'Find out who else deployed it; then start a new run.';
    case 'cancelled':
      return 'ECS goes on by itself. Look at the service deployment that the summary names, then start a new run.';
    case 'paused':
      return target.tenant === null
        ? 'Answer it with `resume: continue` or `resume: rollback`, and `hook`.'
        : 'Answer it by the workflow resume.yml, with `continue` or `rollback`.';
    case 'timed-out':
      return `${advice ?? 'Read the service events; raise `timeout-minutes` if the service needs longer to start.'}${goesOn}`;
    default:
      return `${advice ?? 'Read the service events and the tasks that stopped.'}${goesOn}`;
  }
}

/**
 * What happened and what to do first; then what the cause rests on, and the way there; the facts last, behind a fold.
 * What went well is one line: people look for what did not.
 */
export function deploySummary(report: DeploymentReport, { local }: { readonly local: boolean }): string {
  const { target, followed, outcome, causes } = report;
  const facts = [table(['what', 'value'], factsOf(report, local)), ...wholeNames(report)];
  const way = [
    ...zoneTable(report),
    ...(followed ? [rolloutDiagram(followed.timeline, report.finishedAt)].filter(Boolean) : []),
    ...(followed?.seenIn === 'rollout-entry' ? [DEGRADED] : []),
  ];
  if (!isBad(outcome) && outcome !== 'paused') {
    const place = placeOf(report).replaceAll('`', '');
    return folded(`${target.service} ${place}: ${SAID[outcome]}`, sentence(report.why), ...facts, ...way);
  }
  const remedy = deployRemedy(report);
  return [
    `### ${code(target.service)} ${placeOf(report)}: ${SAID[outcome]}`,
    escapeMarkdown(sentence(report.why)),
    `**What to do:** ${prose(remedy)}`,
    ...causes.map((cause) => causeSection(cause, remedy)),
    ...(followed?.serving ? [`**Serves now:** ${escapeMarkdown(sayServing(followed.serving))}.`] : []),
    ...way,
    ...(outcome === 'paused' ? facts : [folded('Image, revision and times', '', ...facts)]), // the answer names them
  ].join('\n\n');
}

/** What the table has in short. */
function wholeNames({ image, plan }: DeploymentReport): readonly string[] {
  return [[`- image ${code(image)}`, ...(plan === null ? [] : [`- plan ${code(plan)}`])].join('\n')];
}

const DEGRADED =
  "This role may not look at service deployments, so only the service's own list was followed: no stages, weights, alarms or circuit breaker.";

function factsOf(report: DeploymentReport, local: boolean): readonly (readonly [string, string])[] {
  const { tasks, breaker, followed, change, plan } = report;
  const now = code(lastOf(report.taskDefinition));
  const before = code(lastOf(report.previousTaskDefinition));
  const rows: (readonly [string, string])[] = [
    ['image', code(shortDigests(report.image))],
    ['task definition', now === before ? now : `${now}, before it ${before}`],
  ];
  if (report.serviceDeployment !== null) rows.push(['service deployment', linked(report, local)]);
  if (followed) rows.push(['strategy', `${code(followed.strategy)}${stageOf(followed)}`]);
  if (followed?.pause) rows.push(['waits at', sayPause(followed.pause)]);
  if (tasks && tasks.requested > 0) {
    rows.push(['tasks of this deployment', `${tasks.running} of ${tasks.requested} running at the end`]);
  }
  if (breaker && breaker.failures > 0) {
    rows.push(['circuit breaker', `${breaker.failures} of ${breaker.threshold} failures`]);
  }
  if (followed && followed.alarms.length > 0) rows.push(['alarms', followed.alarms.map(code).join(', ')]);
  if (followed && followed.weights.length > 0) rows.push(['traffic', sayWeights(followed.weights)]);
  rows.push(['began, ended', sayTimes(report)]);
  if (change !== null && plan !== null)
    rows.push(['change, plan', `${code(change)}, ${code(shortDigests(plan))}`]);
  return rows;
}

/** What local-aws deploys has no place in the console. */
function linked({ serviceDeployment }: DeploymentReport, local: boolean): string {
  const id = code(lastOf(serviceDeployment ?? ''));
  const link = local ? undefined : consoleLink(serviceDeployment ?? '');
  return link ? `${id} ([open in the console](${link}))` : id;
}

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
  const until = expiresAt === null ? '' : `, until ${utcOf(expiresAt)}`;
  return `${code(hook)}${stage === null ? '' : ` at ${code(stage)}`}${until}${escapeMarkdown(thenWhat(timeoutAction))}`;
}

function sayWeights(weights: Followed['weights']): string {
  const shifts = weights.map(({ at, production, test }) => {
    const tested = test === null || test === 0 ? '' : ` (test ${test} %)`;
    return `${at.slice(11, 19)} ${production ?? 0} %${tested}`;
  });
  return `${shifts.join(' → ')} (UTC)`;
}

function causeSection(cause: ReportedCause, said: string): string {
  const { count, container, task, target } = cause;
  const exit = endedBy(cause);
  const reasons = [...new Set([cause.containerReason, cause.stoppedReason])].filter((each) => each !== null);
  const seen = [
    container ? `container ${code(container)}` : 'the task',
    exit === null ? '' : `exit code ${exit}`,
    ...reasons.map((reason) => code(withNames(reason))),
    target ? `the load balancer said ${code(target)}` : '',
  ].filter(Boolean);
  const advice = said.includes(cause.advice) ? '' : ` ${escapeMarkdown(cause.advice)}`;
  const log = cause.log.map((line) => `    ${line.replace(/[\r\n]/g, ' ')}`).join('\n');
  return [
    `**Cause: ${cause.class}** (${count} ${count === 1 ? 'task' : 'tasks'})`,
    `${sentence(seen.join(', '))}${advice}`,
    ...(log ? [`Last lines of ${code(lastOf(task))}:`, log] : []),
  ].join('\n\n');
}

function placeOf({ target, cluster }: DeploymentReport): string {
  return target.tenant === null
    ? `in ${code(cluster)} of account ${code(target.account)}`
    : `of ${code(`${target.tenant}/${target.environment}`)}`;
}

/** `2026-11-24 09:00:00 to 09:01:30 UTC (90 s)`. */
function sayTimes({ startedAt, finishedAt }: DeploymentReport): string {
  const seconds = Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
  const [from, until] = [utcOf(startedAt), utcOf(finishedAt)];
  const end = from.slice(0, 10) === until.slice(0, 10) ? until.slice(11) : until;
  return `${from.slice(0, 19)} to ${end} (${seconds} s)`;
}

function sentence(text: string, capital = true): string {
  const first = text.charAt(0);
  return `${capital ? first.toUpperCase() : first}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
