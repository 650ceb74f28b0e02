import type { Journal } from '@tenant-delivery/rotation/journal';
import type { Entry, RunFacts } from '@tenant-delivery/rotation/journal-entry';
import type { Closed, Note, Opened, Round, SecretsManagerFact, Step } from './facts.ts';

/** How far a generation is, by its journal. */
export interface Progress {
  readonly opened: Opened;
  readonly rounds: readonly RoundProgress[];
  /** Rounds that are still to come. */
  readonly ahead: readonly Round[];
  /** How many versions were asked for. */
  readonly tokens: number;
  readonly settled: ReadonlySet<string>;
  readonly refusals: ReadonlyMap<string, { readonly times: number; readonly at: number }>;
  readonly compromised: boolean;
  /** The last entry, when it is a claim that nobody has ended. */
  readonly claim: { readonly step: Step; readonly at: number; readonly by: RunFacts } | undefined;
  readonly closed: Closed | undefined;
}

export interface RoundProgress {
  readonly kind: Round;
  /** The version that it brings, and which start of the action chose it. */
  readonly version: string | undefined;
  readonly chosenBy: string | undefined;
  readonly rotates: readonly { readonly version: string; readonly at: number }[];
  readonly proved: boolean;
  /** Not before the version became the current one. */
  readonly promotedAt: number | undefined;
  readonly demoting: boolean;
  /** The last change to each service, by its name. */
  readonly changes: ReadonlyMap<string, Change>;
  readonly attested: ReadonlyMap<string, Attestation>;
  readonly drained: boolean;
}

export interface Change {
  readonly step: Extract<Step, { do: 'deploy' | 'restart' }>;
  readonly at: number;
  readonly times: number;
  readonly process: string;
  /** ECS answered that it is done. */
  readonly confirmed: boolean;
}

export interface Attestation {
  readonly version: string;
  readonly taskDefinition: string;
  readonly tasks: number;
  readonly at: number;
}

export function roundOf({ rounds }: Progress): RoundProgress {
  const round = rounds.at(-1);
  if (!round) throw new TypeError('a generation has a round');
  return round;
}

/** `undefined` when no generation was ever opened. */
export function progressOf(journal: Journal<SecretsManagerFact>): Progress | undefined {
  const [first] = journal.entries;
  if (first?.fact.kind !== 'opened') return undefined;
  return journal.entries.reduce(taken, begun(first.fact));
}

function begun(opened: Opened): Progress {
  const [round = 'follow', ...ahead] = opened.rounds;
  return {
    opened,
    rounds: [fresh(round)],
    ahead,
    tokens: 0,
    settled: new Set(),
    refusals: new Map(),
    compromised: opened.reason === 'compromise',
    claim: undefined,
    closed: undefined,
  };
}

function fresh(kind: Round): RoundProgress {
  return {
    kind,
    version: undefined,
    chosenBy: undefined,
    rotates: [],
    proved: false,
    promotedAt: undefined,
    demoting: false,
    changes: new Map(),
    attested: new Map(),
    drained: false,
  };
}

/** The progress after one more entry. */
function taken(progress: Progress, { fact, by, at: said }: Entry<SecretsManagerFact>): Progress {
  const at = Date.parse(said);
  const now: Progress = { ...progress, claim: undefined };
  if (fact.kind === 'began')
    return { ...begin(now, fact.step, at, by.process), claim: { step: fact.step, at, by } };
  if (fact.kind === 'ended') return ended(now, fact.step, fact.answer, at);
  return noted(now, fact, at, by.process);
}

function noted(now: Progress, fact: Exclude<Note, { kind: 'ended' }>, at: number, process: string): Progress {
  const round = roundOf(now);
  switch (fact.kind) {
    case 'opened':
      return now;
    case 'chosen': {
      const followed = round.kind === 'provided' ? {} : { promotedAt: at };
      const anew = { ...fresh(round.kind), rotates: round.rotates, ...followed };
      return inRound(now, { ...anew, version: fact.version, chosenBy: process });
    }
    case 'promoted':
      return inRound(now, { version: fact.version, promotedAt: round.promotedAt ?? at });
    case 'proved':
      return inRound(now, { proved: true });
    case 'attested': {
      const { service, version, taskDefinition, tasks } = fact;
      const attested = new Map(round.attested).set(service, { version, taskDefinition, tasks, at });
      return inRound(now, { attested });
    }
    case 'drained':
      return inRound(now, { drained: true });
    case 'turned': {
      const [next = 'follow', ...ahead] = now.ahead;
      return { ...now, rounds: [...now.rounds, fresh(next)], ahead };
    }
    case 'compromised':
      return { ...now, compromised: true, ahead: [...now.ahead, ...further(now)] };
    case 'closed':
      return { ...now, closed: fact };
  }
}

/**
 * What a leak adds to a generation that is under way. One rotation of alternating users leaves the other login as it was,
 * so both must be made after the leak was told.
 */
function further({ opened, rounds, ahead }: Progress): readonly Round[] {
  if (opened.strategy === 'provider-set') return [];
  const logins = opened.strategy === 'alternating-users' ? 2 : 1;
  const last = rounds.at(-1);
  const coming = ahead.length + (last?.kind === 'rotate' && last.rotates.length === 0 ? 1 : 0);
  return Array.from({ length: Math.max(0, logins - coming) }, () => 'rotate');
}

function begin(now: Progress, step: Step, at: number, process: string): Progress {
  const round = roundOf(now);
  if (step.do === 'rotate') {
    const known = round.rotates.some(({ version }) => version === step.version);
    const others = round.rotates.filter(({ version }) => version !== step.version);
    const next = inRound(now, { rotates: [...others, { version: step.version, at }] });
    return known ? next : { ...next, tokens: now.tokens + 1 };
  }
  if (step.do === 'demote') return inRound(now, { demoting: true });
  if (step.do !== 'deploy' && step.do !== 'restart') return now;
  const times = (round.changes.get(step.service)?.times ?? 0) + 1;
  const attested = new Map(round.attested);
  attested.delete(step.service);
  const changes = new Map(round.changes).set(step.service, { step, at, times, process, confirmed: false });
  return inRound(now, { attested, changes });
}

function ended(now: Progress, step: Step, answer: string, at: number): Progress {
  const key = stepKey(step);
  const refusals = new Map(now.refusals);
  if (answer === 'refused') refusals.set(key, { times: (refusals.get(key)?.times ?? 0) + 1, at });
  if (answer === 'done') refusals.delete(key);
  const next = { ...now, refusals };
  if (answer === 'refused' && (step.do === 'deploy' || step.do === 'restart')) {
    const changes = new Map(roundOf(now).changes);
    changes.delete(step.service); // it never happened
    return inRound(next, { changes });
  }
  if (answer !== 'done') return next;
  if (step.do === 'promote') return inRound(next, { promotedAt: at });
  if (step.do === 'deploy' || step.do === 'restart') {
    const { changes } = roundOf(now);
    const change = changes.get(step.service);
    if (change)
      return inRound(next, { changes: new Map(changes).set(step.service, { ...change, confirmed: true }) });
  }
  if (step.do === 'settle') return { ...next, settled: new Set([...now.settled, step.version]) };
  return next;
}

function inRound(progress: Progress, change: Partial<RoundProgress>): Progress {
  return { ...progress, rounds: [...progress.rounds.slice(0, -1), { ...roundOf(progress), ...change }] };
}

/** What two tries of a step have in common. */
export function stepKey(step: Step): string {
  return 'service' in step ? `${step.do} ${step.service}` : step.do;
}
