import type { Outcome } from '@tenant-delivery/action-kit/main';
import { code, escapeMarkdown, folded, prose, table } from '@tenant-delivery/action-kit/markdown';
import type { RunEnd } from './engine.ts';
import type { Plan, Reason, Station } from './plan.ts';

type Reported = Outcome & { readonly nextEligibleAt: string };

const GOOD: readonly string[] = ['rotated', 'in-progress', 'not-due'];

const WITHOUT_REASON: Readonly<Record<string, Reason>> = {
  unknown: {
    code: 'ROTATION_UNANSWERED',
    message: 'Something that the rotation rests on could not be observed, so nothing more was changed.',
    remedy: 'Read what the facts say, and let the next run go on: it looks at what is there before it acts.',
  },
  failed: {
    code: 'ROTATION_STEP_REFUSED',
    message: 'A step of the rotation was refused.',
    remedy: 'Fix what the facts say. The next runs try again, less and less often.',
  },
};

/** How a run ended, for outputs and for people. */
export function reportEnd(credential: string, end: RunEnd): Reported {
  const nextEligibleAt = iso(end.nextEligibleAt);
  const reasons = end.reasons.length > 0 ? end.reasons : list(WITHOUT_REASON[end.outcome]);
  const [first] = reasons;
  const ok = GOOD.includes(end.outcome);
  const messages = reasons.map(({ message }) => message).join(' ');
  const facts = end.facts.join('; ');
  const next = `a run can go on from ${nextEligibleAt}`;
  return {
    outcome: end.outcome,
    reasonCode: ok ? 'OK' : (first?.code ?? 'OK'),
    ok,
    headline: ok
      ? `${credential}: ${end.outcome}; ${next}${facts && `; ${facts}`}`
      : `${credential}: ${messages}${facts && ` (${facts})`}`,
    ...(first && !ok && { remedy: [...new Set(reasons.map(({ remedy }) => remedy))].join(' ') }),
    facts: {
      credential,
      generation: end.generation,
      nextEligibleAt,
      taken: end.taken,
      facts: end.facts,
      reasons,
      road: road(end.road),
    },
    summary: summary(credential, end.outcome, {
      reasons,
      facts: [...end.facts, ...(ok ? [next] : [])],
      taken: end.taken,
      road: end.road,
    }),
    nextEligibleAt,
  };
}

/** What a dry run found: what comes next, and the stations after it. */
export function reportPlan(
  credential: string,
  { next, road: ahead }: Plan<{ readonly do: string }, object>,
  now: number,
): Reported {
  const at = next.kind === 'wait' ? next.until : next.kind === 'rest' ? next.dueAt : now;
  const reasons = next.kind === 'hold' ? [next.reason] : next.kind === 'refuse' ? next.reasons : [];
  const facts =
    next.kind === 'hold' || next.kind === 'rest'
      ? (next.facts ?? [])
      : next.kind === 'wait'
        ? [next.why]
        : [];
  const what = next.kind === 'act' ? `${next.kind} ${next.step.do}` : next.kind;
  return {
    outcome: 'planned',
    reasonCode: reasons[0]?.code ?? 'OK',
    ok: true,
    headline: `${credential}: next is ${what}, from ${iso(at)}; nothing was changed`,
    facts: { credential, next: what, nextEligibleAt: iso(at), reasons, facts, road: road(ahead) },
    summary: summary(credential, `planned: ${what}`, { reasons, facts, taken: [], road: ahead }),
    nextEligibleAt: iso(at),
  };
}

interface Told {
  readonly reasons: readonly Reason[];
  readonly facts: readonly string[];
  /** Steps in the engine's own words. */
  readonly taken: readonly string[];
  readonly road: readonly Station[];
}

/** Why it waits and what to do first; then what is known and what is left; last, behind a fold, each step of this run. */
function summary(credential: string, outcome: string, { reasons, facts, taken, road: ahead }: Told): string {
  const rows = road(ahead).map(({ what, earliest, touches }) => [
    what,
    earliest,
    escapeMarkdown(touches.join(', ')),
  ]);
  return [
    `### Rotation of ${escapeMarkdown(credential)}: ${escapeMarkdown(outcome)}`,
    ...reasons.flatMap(({ message, remedy }) => [
      escapeMarkdown(message),
      `**What to do:** ${prose(remedy)}`,
    ]),
    ...listOf(facts.map(escapeMarkdown)),
    ...(rows.length > 0 ? [table(['what is left', 'earliest', 'touches'], rows)] : []),
    ...(taken.length > 0
      ? [
          folded(
            'What this run did',
            `${taken.length} ${taken.length === 1 ? 'step' : 'steps'}`,
            ...listOf(taken.map(code)),
          ),
        ]
      : []),
  ].join('\n\n');
}

function listOf(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [lines.map((line) => `- ${line}`).join('\n')];
}

function road(stations: readonly Station[]) {
  return stations.map(({ what, earliest, touches }) => ({ what, earliest: iso(earliest), touches }));
}

function list(reason: Reason | undefined): readonly Reason[] {
  return reason ? [reason] : [];
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
