import { DAY, MINUTE } from '@tenant-delivery/domain';
import type { Journal } from '@tenant-delivery/rotation/journal';
import type { Plan, Station } from '@tenant-delivery/rotation/plan';
import { besideClaim, wait } from '@tenant-delivery/rotation/steps-taken';
import { iso } from '@tenant-delivery/rotation/times';
import { accountOf, unaccounted } from './account.ts';
import {
  foreignIn,
  GUARD_BUDGET,
  guardFor,
  lastSessionEnds,
  lengthOf,
  sameDocument,
  sayStatement,
  TRUST_BUDGET,
  trustFor,
} from './documents.ts';
import type { BreakGlassFact, Note, Step } from './facts.ts';
import { planVerdicts } from './plan-verdicts.ts';
import type { Statement } from './policy-document.ts';
import type { BreakGlassTerms, ObservedRole } from './ports.ts';
import { type Grant, LONGEST_SESSION, openAt, progressOf } from './progress.ts';
import { hold, reason } from './reasons.ts';
import { type BreakGlassMove, note, type Sight } from './sight.ts';
import type { Snapshot } from './snapshot.ts';
import { mistakesIn, type Wish } from './wish.ts';

const LAG = 15_000; // milliseconds that IAM may tell an older policy than was written
const LONG = 400; // entries, after which a new part of the journal begins once nobody has a grant

/** What comes next, decided from what was seen, the journal and the contract alone. */
export function planBreakGlass(
  seen: Snapshot,
  journal: Journal<BreakGlassFact>,
  { terms, wish }: { readonly terms: BreakGlassTerms; readonly wish: Wish },
  now: number,
  process: string,
): Plan<Step, Note> {
  const progress = progressOf(journal);
  const road = openAt(progress.grants, now).map(stationOf);
  const { role } = seen;
  const wrong = wrongWith(role, terms);
  if (wrong !== undefined || role === undefined)
    return {
      next: hold('BREAK_GLASS_ROLE', 'The role is not the one that was agreed.', [wrong ?? '']),
      road,
    };
  const foreign = foreignIn(role.trust, progress.grants);
  const sight = { seen, role, progress, terms, wish, foreign, now };
  const next = besideClaim(progress.taken, process, now) ?? planNext(sight);
  return { next, road };
}

function planNext(sight: Sight): BreakGlassMove {
  const wished = planWish(sight);
  // a refused wish leaves nothing behind, not even a journal
  if (wished?.kind === 'refuse' || wished?.kind === 'hold') return wished;
  return (
    planJournal(sight) ??
    wished ??
    planEnds(sight) ??
    planWriting(sight) ??
    planVerdicts(sight) ??
    planAccount(sight) ??
    planRest(sight)
  );
}

function wrongWith(role: ObservedRole | undefined, terms: BreakGlassTerms): string | undefined {
  if (role?.arn !== terms.roleArn)
    return `the role is ${role?.arn ?? 'not there'}, agreed is ${terms.roleArn}`;
  if (role.boundary !== terms.boundaryArn)
    return `its permissions boundary is ${role.boundary ?? 'none'}, agreed is ${terms.boundaryArn}`;
  if (role.longestSession > LONGEST_SESSION / 1000)
    return `its sessions may last ${role.longestSession} seconds`;
  return undefined;
}

function planJournal({ progress, seen, terms, now }: Sight): BreakGlassMove | undefined {
  const idle = progress.grants.every(
    ({ over, used, until }) => over && used && now >= lastSessionEnds(until),
  );
  if (progress.opened && !(progress.entries > LONG && idle)) return undefined;
  return note({ kind: 'opened', account: seen.caller.account, role: terms.roleArn });
}

function planWish(sight: Sight): BreakGlassMove | undefined {
  const { wish, progress, now } = sight;
  if (wish.do === 'open') return planOpening(sight, wish.asked);
  const meant = progress.grants.filter(({ grant, requester }) =>
    wish.do === 'close' ? grant === wish.grant : requester === wish.requester,
  );
  if (meant.length === 0)
    return refuse(
      'BREAK_GLASS_UNKNOWN',
      wish.do === 'close'
        ? `There is no grant ${wish.grant} of this role.`
        : `${wish.requester} has no grant of this role.`,
    );
  const left = meant.find(({ ending, over }) => !ending && !over);
  const why = wish.do === 'close' ? 'closed' : 'revoked';
  return left && note({ kind: 'ending', grant: left.grant, at: iso(now), why });
}

type Opening = Extract<Wish, { readonly do: 'open' }>['asked'];

/** Everything is judged before the first entry, so a refused wish leaves nothing behind. */
function planOpening(sight: Sight, asked: Opening): BreakGlassMove | undefined {
  const { progress, terms, foreign, now } = sight;
  if (progress.grants.some(({ grant }) => grant === asked.grant)) return undefined;
  const mistakes = mistakesIn(asked, terms);
  if (mistakes.length > 0) return refuse('BREAK_GLASS_REQUEST', `${mistakes.join('; ')}.`);
  const stranger = foreignHold(foreign);
  if (stranger) return stranger;
  const { minutes, ...said } = asked;
  const until = now + minutes * MINUTE;
  const none = { live: false, ending: undefined, over: undefined, used: undefined };
  const grants = [...progress.grants, { ...said, ...none, from: now, until }];
  const sizes = [
    ['trust policy', lengthOf(trustFor(grants, foreign, terms.principals, now)), TRUST_BUDGET],
    ['policy td-grants', lengthOf(guardFor(grants, now)), GUARD_BUDGET],
  ] as const;
  const over = sizes.filter(([, length, budget]) => length > budget);
  if (over.length > 0)
    return refuse(
      'BREAK_GLASS_FULL',
      `${openAt(progress.grants, now).length} grants are open, and with another ${over
        .map(([what, length, budget]) => `the ${what} would have ${length} of ${budget} characters`)
        .join(' and ')}.`,
    );
  return note({ kind: 'granted', ...said, from: iso(now), until: iso(until) });
}

/** A grant that was not closed ends by itself: nothing has to be written for that. */
function planEnds({ progress, now }: Sight): BreakGlassMove | undefined {
  const ended = progress.grants.find(({ ending, over, until }) => !ending && !over && now >= until);
  return ended && note({ kind: 'over', grant: ended.grant, how: 'expired', at: iso(ended.until) });
}

/** Denials first, so that no edit of the trust policy leaves sessions behind; then who may come in. */
function planWriting(sight: Sight): BreakGlassMove | undefined {
  const { seen, role, progress, terms, foreign, now } = sight;
  const { grants } = progress;
  const wanted = openAt(grants, now).map(({ grant }) => grant);
  const names = wanted.join(', ') || 'nobody';
  const guard = guardFor(grants, now);
  if (!sameDocument(seen.guard, guard)) return writing(sight, { do: 'guard', for: names, document: guard });
  const trust = trustFor(grants, foreign, terms.principals, now);
  if (!sameDocument(role.trust, trust)) return writing(sight, { do: 'trust', for: names, document: trust });
  return undefined;
}

/** Read again after it was written, and written again when it is not what was read; IAM may be a moment behind. */
function writing({ progress, now }: Sight, step: Step): BreakGlassMove {
  const last = progress.written.get(step.do);
  if (last && now < last.at + LAG && sameDocument(last.document, step.document))
    return wait(last.at + LAG, `IAM does not yet tell what was written: ${step.do}`);
  return { kind: 'act', step }; // also after a refusal: closing a grant by hand never waits
}

/** What was done with a grant, once it can be known. */
function planAccount({ seen, progress, now }: Sight): BreakGlassMove | undefined {
  for (const grant of unaccounted(progress, now)) {
    const uses = seen.uses[grant.grant];
    if (uses) return note(accountOf(grant, uses));
  }
  return undefined;
}

function planRest({ foreign, progress, now }: Sight): BreakGlassMove {
  const stranger = foreignHold(foreign);
  if (stranger) return stranger;
  const ends = openAt(progress.grants, now).map(({ until }) => until);
  return { kind: 'rest', dueAt: Math.min(now + DAY, ...ends) };
}

function foreignHold(foreign: readonly Statement[]): BreakGlassMove | undefined {
  const allowing = foreign.filter(({ Effect }) => Effect === 'Allow');
  if (allowing.length === 0) return undefined;
  return hold(
    'BREAK_GLASS_FOREIGN',
    'The trust policy of the role lets in somebody by no grant of the record.',
    allowing.map(sayStatement),
  );
}

function refuse(code: Parameters<typeof reason>[0], message: string): BreakGlassMove {
  return { kind: 'refuse', reasons: [reason(code, message)] };
}

function stationOf({ grant, requester, until }: Grant): Station {
  return { what: `end of ${grant}`, earliest: until, touches: [requester] };
}
