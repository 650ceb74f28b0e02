import type { Journal } from '../journal.ts';
import type { Entry, RunFacts } from '../journal-entry.ts';
import type { AccessKeyFact, Closed, Opened, Step } from './facts.ts';

/** How far a generation is, by its journal. */
export interface Progress {
  readonly opened: Opened;
  readonly openedAt: number;
  readonly creates: readonly Create[];
  /** The new key, once its secret is in escrow. */
  readonly created: { readonly version: string; readonly key: string; readonly at: number } | undefined;
  /** The newest proof of the new key. */
  readonly provedAt: number | undefined;
  readonly consumers: ReadonlyMap<string, ConsumerProgress>;
  readonly promotedAt: number | undefined;
  /** When the last consumer was pointed at the new key, and escrow with it. */
  readonly cutOverAt: number | undefined;
  readonly drainedAt: number | undefined;
  /** Each time that the old key was disabled; the last is in force unless `returned` has as many. */
  readonly disabled: readonly number[];
  readonly returned: readonly number[];
  readonly sessionsDenied: boolean;
  readonly deleted: boolean;
  /** When orphans were disabled, by fingerprint. */
  readonly orphans: ReadonlyMap<string, number>;
  /** Keys that this generation has deleted: IAM's lists may show them for a while. */
  readonly removed: ReadonlySet<string>;
  readonly settled: boolean;
  readonly blanked: ReadonlySet<string>;
  readonly refusals: ReadonlyMap<string, { readonly times: number; readonly at: number }>;
  /** Steps that began and of which nobody knows how they ended, by kind of step and consumer. */
  readonly unended: ReadonlyMap<string, Step>;
  readonly compromised: boolean;
  /** The last entry, when it is a claim that nobody has ended. */
  readonly claim: { readonly step: Step; readonly at: number; readonly by: RunFacts } | undefined;
  readonly closed: Closed | undefined;
}

export interface Create {
  readonly version: string;
  readonly at: number;
  readonly session: string;
  /** Nothing is known to be left of it. */
  readonly ended: boolean;
}

export interface ConsumerProgress {
  /** Where the new key was staged, by which step. */
  readonly staged: { readonly place: string; readonly version: string } | undefined;
  /** Where the staging was last begun: it is begun there again. */
  readonly stageBegun: string | undefined;
  readonly stages: number;
  readonly asked: readonly Asked[];
  readonly attested: { readonly place: string; readonly mark: string } | undefined;
  readonly pointedAt: number | undefined;
  readonly probes: ReadonlyMap<string, { readonly ok: boolean; readonly at: number }>;
}

export interface Asked {
  readonly proof: string;
  readonly place: string;
  readonly mark: string;
  readonly when: 'before-cutover' | 'disabled';
  readonly at: number;
}

const NOTHING_YET: ConsumerProgress = {
  staged: undefined,
  stageBegun: undefined,
  stages: 0,
  asked: [],
  attested: undefined,
  pointedAt: undefined,
  probes: new Map(),
};

/** `undefined` when no generation was ever opened. */
export function progressOf(journal: Journal<AccessKeyFact>): Progress | undefined {
  const [first] = journal.entries;
  if (first?.fact.kind !== 'opened') return undefined;
  const fold = new Fold(first.fact, Date.parse(first.at));
  for (const entry of journal.entries) fold.take(entry);
  return fold;
}

/** Every promise of `Progress`, filled entry by entry. */
class Fold implements Progress {
  readonly opened: Opened;
  readonly openedAt: number;
  creates: Create[] = [];
  created: Progress['created'];
  provedAt: number | undefined;
  consumers = new Map<string, ConsumerProgress>();
  promotedAt: number | undefined;
  cutOverAt: number | undefined;
  drainedAt: number | undefined;
  disabled: number[] = [];
  returned: number[] = [];
  sessionsDenied = false;
  deleted = false;
  orphans = new Map<string, number>();
  removed = new Set<string>();
  settled = false;
  blanked = new Set<string>();
  refusals = new Map<string, { times: number; at: number }>();
  unended = new Map<string, Step>();
  compromised: boolean;
  claim: Progress['claim'];
  closed: Closed | undefined;

  constructor(opened: Opened, openedAt: number) {
    this.opened = opened;
    this.openedAt = openedAt;
    this.compromised = opened.reason === 'compromise';
  }

  take(entry: Entry<AccessKeyFact>): void {
    const { fact, by } = entry;
    const at = Date.parse(entry.at);
    this.claim = undefined;
    if (fact.kind === 'began') {
      this.claim = { step: fact.step, at, by };
      this.began(fact.step, at, fact.session);
    } else if (fact.kind === 'ended') {
      if (fact.answer === 'done') this.done(fact.step, at, fact.key);
      else this.notDone(fact.step, fact.answer, at);
    } else if (fact.kind === 'proved') this.provedAt = at;
    else if (fact.kind === 'attested')
      this.consumer(fact.consumer, { attested: { place: fact.place, mark: fact.mark } });
    else if (fact.kind === 'drained') this.drainedAt = at;
    else if (fact.kind === 'probed') {
      const probes = new Map(this.of(fact.consumer).probes).set(fact.proof, { ok: fact.ok, at });
      this.consumer(fact.consumer, { probes });
    } else if (fact.kind === 'compromised') this.compromised = true;
    else if (fact.kind === 'closed') this.closed = fact;
  }

  private began(step: Step, at: number, session: string): void {
    this.unended.set(stepKey(step), step);
    if (step.do === 'create') this.creates.push({ version: step.version, at, session, ended: false });
    if (step.do === 'stage') {
      const { stages } = this.of(step.consumer);
      this.consumer(step.consumer, { stageBegun: step.place, stages: stages + 1 });
    }
    if (step.do === 'ask-proof') {
      const { proof, place, mark, when } = step;
      const others = this.of(step.consumer).asked.filter((one) => one.proof !== proof);
      const asked = [...others, { proof, place, mark, when, at }];
      this.consumer(step.consumer, { asked });
    }
  }

  private done(step: Step, at: number, key: string | undefined): void {
    this.refusals.delete(stepKey(step));
    this.unended.delete(stepKey(step));
    if (step.do === 'create' && key !== undefined) {
      this.created = { version: step.version, key, at };
      this.endCreate(step.version);
    }
    if (step.do === 'delete-orphan') for (const { version } of this.creates) this.endCreate(version);
    if (step.do === 'stage')
      this.consumer(step.consumer, { staged: { place: step.place, version: step.version } });
    if (step.do === 'point') {
      this.consumer(step.consumer, { pointedAt: at });
      this.cutOverAt = at;
    }
    if (step.do === 'promote') {
      this.promotedAt = at;
      this.cutOverAt = at;
    }
    if (step.do === 'disable') this.disabled.push(at);
    if (step.do === 'enable') {
      this.returned.push(at);
      this.drainedAt = undefined;
    }
    if (step.do === 'deny-sessions') this.sessionsDenied = true;
    if (step.do === 'disable-orphan') this.orphans.set(step.key, at);
    if (step.do === 'delete') this.deleted = true;
    if (step.do === 'delete' || step.do === 'delete-orphan') this.removed.add(step.key);
    if (step.do === 'blank') this.blanked.add(`${step.consumer} ${step.place}`);
    if (step.do === 'settle') this.settled = true;
  }

  private notDone(step: Step, answer: 'unknown' | 'refused' | 'undone', at: number): void {
    if (step.do === 'create' && answer !== 'unknown') this.endCreate(step.version);
    const key = stepKey(step);
    if (answer !== 'unknown') this.unended.delete(key);
    if (answer !== 'refused') return;
    this.refusals.set(key, { times: (this.refusals.get(key)?.times ?? 0) + 1, at });
  }

  private endCreate(version: string): void {
    this.creates = this.creates.map((create) =>
      create.version === version ? { ...create, ended: true } : create,
    );
  }

  private of(id: string): ConsumerProgress {
    return this.consumers.get(id) ?? NOTHING_YET;
  }

  private consumer(id: string, change: Partial<ConsumerProgress>): void {
    this.consumers.set(id, { ...this.of(id), ...change });
  }
}

/** What two tries of a step have in common. */
export function stepKey(step: Step): string {
  return 'consumer' in step ? `${step.do} ${step.consumer}` : step.do;
}

export function consumerProgress(progress: Progress, id: string): ConsumerProgress {
  return progress.consumers.get(id) ?? NOTHING_YET;
}
