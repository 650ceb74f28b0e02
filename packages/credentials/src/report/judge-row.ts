import { DAY } from '@tenant-delivery/domain';
import { iso } from '@tenant-delivery/rotation/times';
import { kindOf } from '../kinds.ts';
import { maxAgeDaysOf, type ReportedCredential } from './credentials.ts';
import type { JournalWord } from './journal-word.ts';
import type { Row } from './row.ts';
import type { Look, Seen, Sighting, Stray } from './sighting.ts';
import type { State } from './states.ts';

const MOST_LATE = 30 * DAY; // an access key of 60 days is an alarm at 90
const LAST = Date.UTC(2200, 0);
const SKEW = 5 * 60_000; // milliseconds that the clocks of two servers may differ
const SILENCE = 7 * DAY; // how long an open rotation may write nothing, besides drain and grace

/** When a credential is overdue: half of its agreed age after it was due, and no more than 30 days after. */
function overdueAt(bornAt: number, maxAge: number): number {
  return bornAt + maxAge + Math.min(maxAge / 2, MOST_LATE);
}

interface Judged {
  readonly state: State;
  readonly finding?: Row['finding'];
  readonly why: string;
  readonly facts?: readonly string[];
  readonly remedy: string;
}

/** The state of one credential of the contract. What is not known never counts as good. */
export function judgeRow(
  credential: ReportedCredential,
  sighting: Sighting,
  journal: JournalWord,
  { owner, now }: { readonly owner: readonly string[]; readonly now: number },
): Row {
  const { report } = kindOf(credential);
  const maxAgeDays = maxAgeDaysOf(credential);
  const seen = believable(sighting);
  const bornAt = seen.kind === 'seen' ? seen.bornAt : undefined;
  const judged = judge(credential, seen, journal, now);
  return {
    id: credential.id,
    kind: credential.kind,
    subject: report.subject(credential),
    owner,
    consumers: report.users(credential),
    ...ageOf(bornAt, seen.kind === 'seen' ? seen.by : undefined, now),
    maxAgeDays,
    nextDue: bornAt === undefined ? null : iso(bornAt + maxAgeDays * DAY),
    rotation: rotationOf(journal),
    finding: null,
    facts: [],
    replacement: report.replacement?.(credential) ?? null,
    ...judged,
  };
}

/** Without the date, if that cannot be true. */
function believable(sighting: Sighting): Sighting {
  if (sighting.kind !== 'seen' || sighting.bornAt === undefined) return sighting;
  const { bornAt, ...rest } = sighting;
  return bornAt >= 0 && bornAt < LAST ? sighting : { ...rest, bornAt: undefined };
}

function judge(
  credential: ReportedCredential,
  sighting: Sighting,
  journal: JournalWord,
  now: number,
): Judged {
  if (sighting.kind === 'unknown') return unknown(sighting.why);
  if (journal.kind === 'unknown') return unknown(`Its journal: ${journal.why}`);
  if (sighting.kind === 'missing')
    return {
      state: 'hold',
      finding: 'missing',
      why: sighting.said,
      remedy:
        'Find out who removed it and what fails without it. Make it again with a rotation, or remove it from the contract.',
    };
  const { hold, stray } = sighting;
  if (hold)
    return { state: 'hold', why: hold.message, facts: [hold.code, ...hold.facts], remedy: hold.remedy };
  if (stray) return { state: 'unmanaged', finding: 'unmanaged', why: stray.message, remedy: stray.remedy };
  return judgeAge(credential, sighting, journal, now);
}

function judgeAge(
  credential: ReportedCredential,
  { bornAt, by, needless }: Seen,
  journal: Exclude<JournalWord, { readonly kind: 'unknown' }>,
  now: number,
): Judged {
  const { id } = credential;
  const maxAge = maxAgeDaysOf(credential) * DAY;
  if (bornAt !== undefined && bornAt > now + SKEW)
    return unknown(`${by} says that it was made in the future, at ${iso(bornAt)}.`);
  if (journal.kind === 'open') {
    const patience = (credential.drainDays ?? 14) * DAY + (credential.graceDays ?? 7) * DAY + SILENCE;
    if (now > journal.lastAt + patience)
      return {
        state: 'hold',
        why: `Its rotation ${journal.generation} has written nothing since ${iso(journal.lastAt)}.`,
        remedy: `Run rotate-access for ${id}: it goes on, or says what holds it. Then look why no run of the schedule did.`,
      };
  }
  if (bornAt !== undefined && now >= overdueAt(bornAt, maxAge))
    return {
      state: 'overdue',
      why: `It should have been replaced by ${iso(bornAt + maxAge)}.`,
      remedy: `Run rotate-access for ${id} by hand with \`wish: forced\`, and look at what kept the schedule from it.`,
    };
  if (journal.kind === 'open')
    return {
      state: 'in-progress',
      why: `Rotation ${journal.generation} is under way since ${iso(journal.openedAt ?? journal.lastAt)}.`,
      remedy: 'Nothing: the schedule goes on with it.',
    };
  if (bornAt === undefined)
    return unknown(
      'Nothing says how old it is: no rotation of it is on record, and the other side keeps no date.',
      `Run rotate-access for ${id} once: from then on the journal says it.`,
    );
  if (now >= bornAt + maxAge)
    return {
      state: 'due',
      why: `It is due since ${iso(bornAt + maxAge)}.${needless === undefined ? '' : ` ${needless}`}`,
      remedy:
        needless === undefined
          ? `Let the schedule of rotate-access begin with ${id}, or run it by hand.`
          : 'Replace it by what the row names, or delete it when nobody uses it; else rotate it.',
    };
  if (needless !== undefined)
    return {
      state: 'eliminable',
      why: needless,
      remedy: 'Replace it by what the row names, then delete it.',
    };
  return { state: 'ok', why: `It is younger than ${maxAge / DAY} days.`, remedy: 'Nothing.' };
}

const LOOK_AGAIN = 'Fix what kept it from being read, and run the report again. Until then count it as bad.';

function unknown(why: string, remedy = LOOK_AGAIN): Judged {
  return { state: 'unknown', why, remedy };
}

/** What the contract does not name, and the places that could not be searched for it. */
export function strayRows(
  { strays, unsearched }: Pick<Look, 'strays' | 'unsearched'>,
  owner: readonly string[],
  now: number,
): readonly Row[] {
  return [
    ...strays.map((stray): Row => ({ ...bare(stray, owner, now), finding: 'unmanaged' })),
    ...unsearched.map(
      ({ place, why }): Row => ({
        ...bare({ kind: 'search', subject: place, said: why, bornAt: undefined }, owner, now),
        state: 'unknown',
        remedy: LOOK_AGAIN,
      }),
    ),
  ];
}

function bare({ kind, subject, said, bornAt }: Stray, owner: readonly string[], now: number): Row {
  return {
    id: subject,
    kind,
    subject,
    state: 'unmanaged',
    finding: null,
    owner,
    consumers: [],
    ...ageOf(bornAt, undefined, now),
    maxAgeDays: null,
    nextDue: null,
    rotation: null,
    why: said,
    facts: [],
    remedy:
      'Find out who made it and who uses it. Put it into the contract, so that it rotates, or let its owner delete it.',
    replacement: null,
  };
}

function ageOf(bornAt: number | undefined, by: string | undefined, now: number) {
  return {
    bornAt: bornAt === undefined ? null : iso(bornAt),
    bornBy: by ?? null,
    ageDays: bornAt === undefined ? null : Math.max(0, Math.floor((now - bornAt) / DAY)),
  };
}

function rotationOf(journal: JournalWord): Row['rotation'] {
  if (journal.kind === 'unknown' || journal.kind === 'none') return null;
  const closed = journal.kind === 'closed';
  return {
    generation: journal.generation,
    openedAt: journal.openedAt === undefined ? null : iso(journal.openedAt),
    closedBy: closed ? journal.entry : null,
    closedAt: closed ? iso(journal.lastAt) : null,
  };
}
