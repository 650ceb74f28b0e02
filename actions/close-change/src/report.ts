import type { Outcome } from '@tenant-delivery/action-kit/main';
import { code, escapeMarkdown, folded, table } from '@tenant-delivery/action-kit/markdown';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import type { JobClaims } from '@tenant-delivery/delivery/claims';
import { shortDigests } from '@tenant-delivery/domain';
import type { ChangeEvent } from '@tenant-delivery/evidence/change-event';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import type { Decision } from './decide.ts';
import type { CloseChangeInputs } from './inputs.ts';
import { type Recovery, recoveryOf, sayRecovery } from './recovery.ts';

export interface Ended {
  readonly change: ChangeHandle;
  readonly admission: Admission;
  readonly decision: Decision;
  readonly mode: CloseChangeInputs['mode'];
  /** The run that this is a step of. */
  readonly claims: Pick<JobClaims, 'repositoryId' | 'runId'>;
  /** Earlier changes that were closed too. */
  readonly older: readonly string[];
  readonly serverUrl: string;
}

export function report(ended: Ended): Outcome {
  const { change, admission, decision, older } = ended;
  const { tenant, environment, service } = admission.target;
  const place = `${service} in ${environment} of ${tenant}`;
  const open = decision.kind === 'left-open';
  const recovery = change.state === 'closed' ? recoveryOf(change.events, admission.environment) : undefined;
  const late = recovery !== undefined && !recovery.inTime;
  const elsewhere = decision.kind === 'nothing' ? endedElsewhere(ended) : undefined;
  const why =
    decision.kind === 'end'
      ? ` ${decision.note}`
      : elsewhere
        ? ` ${elsewhere.note}`
        : decision.kind === 'not-begun'
          ? ' Nothing of it was deployed; the last job of this run records how it ends.'
          : decision.kind === 'baking'
            ? ` It bakes, and can be concluded from ${decision.from} on.`
            : decision.kind === 'paused'
              ? ` Its deployment waits at the hook ${decision.hook}; resume.yml continues it or rolls it back.`
              : recovery
                ? ` ${sayRecovery(recovery)}`
                : '';
  return {
    outcome: outcomeOf(decision, change),
    reasonCode: open
      ? 'CHANGE_LEFT_OPEN'
      : decision.kind === 'baking'
        ? 'BAKE_NOT_OVER'
        : decision.kind === 'paused'
          ? 'DEPLOYMENT_PAUSED'
          : decision.kind === 'end'
            ? decision.reason
            : elsewhere
              ? elsewhere.reason
              : late && decision.kind === 'close'
                ? 'RECOVERY_TOO_SLOW'
                : 'OK',
    ok: !open && !(late && decision.kind === 'close'),
    headline: `${change.id} (${place}) is ${change.state}.${why}`,
    ...(open && {
      remedy:
        'Another run deploys it, its deployment waits at a pause, or its deploy job ended before it could record the end. Look at the service; the next delivery or rollback takes the lock when its lease has run out, and records this change.',
    }),
    ...(late && {
      remedy:
        'The service runs and is verified. Read in the times of the steps what took long; agree on another time, or make that step shorter, and exercise again.',
    }),
    facts: {
      change: change.id,
      state: change.state,
      events: change.events.length,
      head: change.events.at(-1)?.digest,
      alsoClosed: older,
      ...(recovery && { recovery }),
    },
    summary: isToldHere(ended) ? summaryOf(ended, place, recovery) : '',
  };
}

/**
 * The record of a change is shown once in a run: by the deploy job where that ended it, by the last job where nothing was
 * deployed. Where another run ended it, each job says so.
 */
function isToldHere(ended: Ended): boolean {
  const { kind } = ended.decision;
  if (kind === 'not-begun') return false;
  return kind !== 'nothing' || ended.mode === 'close' || endedElsewhere(ended) !== undefined;
}

/** What another run said when it ended the change. */
function endedElsewhere({
  change,
  claims,
}: Ended): { readonly reason: string; readonly note: string } | undefined {
  const last = change.events.at(-1);
  if (!last || (last.run.repositoryId === claims.repositoryId && last.run.runId === claims.runId))
    return undefined;
  return {
    reason: last.decision?.reasons[0] ?? 'OK',
    note: last.decision?.note ?? `Run ${last.run.runId} ended it.`,
  };
}

function outcomeOf({ kind }: Decision, { state }: ChangeHandle): string {
  switch (kind) {
    case 'left-open':
    case 'baking':
    case 'paused':
      return kind;
    case 'nothing':
    case 'not-begun':
      return 'nothing-to-do';
    default:
      return state;
  }
}

function summaryOf(ended: Ended, place: string, recovery: Recovery | undefined): string {
  const { change, older, serverUrl } = ended;
  const last = change.events.at(-1);
  const facts = [
    ['change', code(change.id)],
    ['kind', change.kind],
    ...(last ? [['about', code(shortDigests(imageOf(last)))]] : []),
    ...(change.facts.revertOf ? [['undoes', code(change.facts.revertOf)]] : []),
    ...(recovery ? [['recovery', sayRecovery(recovery)]] : []),
    ...(change.facts.reason ? [['reason', escapeMarkdown(change.facts.reason)]] : []),
    ...(change.facts.externalRef ? [['reference', escapeMarkdown(change.facts.externalRef)]] : []),
    ...(older.length > 0 ? [['also closed', older.map(code).join(', ')]] : []),
  ];
  const record = [
    table(['what', 'value'], facts),
    table(
      ['state', 'when', 'who', 'run', 'evidence'],
      change.events.map((event) => rowOf(event, serverUrl)),
    ),
    ...(last ? [`- image ${code(imageOf(last))}\n- newest event ${code(last.digest)}`] : []),
  ];
  const count = `${change.events.length} events of ${change.id}`;
  if (isToldAbove(ended)) return folded(`Change ${change.state}`, `the record has ${count}`, ...record);
  return [
    `### Change ${change.state}: ${place}`,
    ...(last ? [sayEnd(change, last, recovery)].filter(Boolean) : []),
    folded('The record', count, ...record),
  ].join('\n\n');
}

/** Whether a step before this one in the same job has said how it ended, and what to do. */
function isToldAbove(ended: Ended): boolean {
  const { decision, mode } = ended;
  return decision.kind === 'nothing' && mode === 'close' && endedElsewhere(ended) === undefined;
}

/** The end of a change in a sentence: what was delivered and who approved it, or why it ended another way. */
function sayEnd({ state, events }: ChangeHandle, last: ChangeEvent, recovery: Recovery | undefined): string {
  if (state !== 'closed') return escapeMarkdown(last.decision?.note ?? '');
  const approved = events.find(({ transition }) => transition.to === 'approved');
  const by = approved ? `, approved by ${code(approved.actor.login)}` : '';
  const recovered = recovery ? ` ${escapeMarkdown(sayRecovery(recovery))}` : '';
  return `${code(shortDigests(imageOf(last)))} runs and is verified${by}.${recovered}`;
}

function imageOf({ subject }: ChangeEvent): string {
  return `${subject.name}@sha256:${subject.digest.sha256}`;
}

function rowOf(
  { transition, occurredAt, actor, run, decision, evidence, plan }: ChangeEvent,
  serverUrl: string,
) {
  const documents = [
    ...(plan ? [`plan ${short(plan.digest.sha256)}`] : []),
    ...evidence
      .filter(({ name }) => name !== 'plan')
      .map(({ name, digest }) => `${code(name)} ${short(digest.sha256)}`),
  ];
  const note = decision?.note ? `<br>${escapeMarkdown(decision.note)}` : '';
  const who = actor.role ? `${code(actor.login)} (${escapeMarkdown(actor.role)})` : code(actor.login);
  const address = `${serverUrl}/${run.repository}/actions/runs/${run.runId}/attempts/${run.runAttempt}`;
  return [
    `${transition.to}${note}`,
    occurredAt,
    who,
    `[${run.runId}.${run.runAttempt}](${address})`,
    documents.join('<br>'),
  ];
}

function short(sha256: string): string {
  return code(sha256.slice(0, 12));
}
