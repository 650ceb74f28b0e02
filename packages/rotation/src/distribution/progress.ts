import type { Began, Ended, Entry } from '../journal-entry.ts';
import type { StepsTaken } from '../steps-taken.ts';
import { type Attested, type Compromised, type DeliveryStep, isDeliveryStep, type Probed } from './facts.ts';

/** How far the new key has come on its way from escrow to its consumers. */
export interface DeliveryProgress<Step extends AnyStep = AnyStep> extends StepsTaken<Step> {
  readonly opened: OpenedFor;
  readonly openedAt: number;
  /** The new key, once it is in escrow. */
  readonly created: CreatedKey | undefined;
  /** The newest proof of the new key. */
  readonly provedAt: number | undefined;
  readonly consumers: ReadonlyMap<string, ConsumerProgress>;
  readonly promotedAt: number | undefined;
  /** When the last consumer was pointed at the new key, and escrow with it. */
  readonly cutOverAt: number | undefined;
  readonly drainedAt: number | undefined;
  readonly settled: boolean;
  readonly blanked: ReadonlySet<string>;
  readonly compromised: boolean;
}

export interface AnyStep {
  readonly do: string;
}

/** What every kind's opening says: which key is replaced, why, and who gets the new one. */
export interface OpenedFor {
  readonly reason: string;
  readonly consumers: readonly string[];
}

export interface CreatedKey {
  readonly version: string;
  readonly key: string;
  readonly at: number;
}

export interface ConsumerProgress {
  /** Where the new key was staged, by which step. */
  readonly staged: { readonly place: string; readonly version: string } | undefined;
  /** Where the staging was last begun: it is begun there again. */
  readonly stageBegun: string | undefined;
  readonly stages: number;
  /** From the first beginning of the staging to its last end. */
  readonly stagedFrom: number | undefined;
  readonly stagedUntil: number | undefined;
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
  stagedFrom: undefined,
  stagedUntil: undefined,
  asked: [],
  attested: undefined,
  pointedAt: undefined,
  probes: new Map(),
};

type Told<Step, Closed> =
  | Began<Step>
  | Ended<Step>
  | Attested
  | Probed
  | Compromised
  | Closed
  | { readonly kind: 'opened' | 'proved' | 'drained' };

/** Every promise of `DeliveryProgress`, filled entry by entry. A kind adds what is its own. */
export class DeliveryFold<
  Opened extends OpenedFor,
  Step extends AnyStep,
  Closed extends { readonly kind: 'closed' },
> implements DeliveryProgress<Step>
{
  readonly opened: Opened;
  readonly openedAt: number;
  readonly refusals: StepsTaken<Step>['refusals'];
  readonly unended: StepsTaken<Step>['unended'];
  readonly claim: StepsTaken<Step>['claim'];
  created: CreatedKey | undefined;
  provedAt: number | undefined;
  consumers = new Map<string, ConsumerProgress>();
  promotedAt: number | undefined;
  cutOverAt: number | undefined;
  drainedAt: number | undefined;
  settled = false;
  blanked = new Set<string>();
  compromised: boolean;
  closed: Closed | undefined;

  constructor(opened: Opened, openedAt: string, { refusals, unended, claim }: StepsTaken<Step>) {
    this.opened = opened;
    this.openedAt = Date.parse(openedAt);
    this.refusals = refusals;
    this.unended = unended;
    this.claim = claim;
    this.compromised = opened.reason === 'compromise';
  }

  take({ fact, at: moment }: Entry<Told<Step, Closed>>): void {
    const at = Date.parse(moment);
    if (fact.kind === 'began') this.began(fact.step, at, fact.session);
    else if (fact.kind === 'ended') {
      if (fact.answer === 'done') this.done(fact.step, at, fact.key);
      else this.notDone(fact.step, fact.answer);
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

  protected began(any: Step, at: number, _session: string): void {
    const step = deliveryOf(any);
    if (step?.do === 'stage') {
      const { stages, stagedFrom = at } = this.of(step.consumer);
      this.consumer(step.consumer, { stageBegun: step.place, stages: stages + 1, stagedFrom });
    }
    if (step?.do === 'ask-proof') {
      const { proof, place, mark, when } = step;
      const others = this.of(step.consumer).asked.filter((one) => one.proof !== proof);
      this.consumer(step.consumer, { asked: [...others, { proof, place, mark, when, at }] });
    }
  }

  protected done(any: Step, at: number, _key: string | undefined): void {
    const step = deliveryOf(any);
    if (step?.do === 'stage')
      this.consumer(step.consumer, {
        staged: { place: step.place, version: step.version },
        stagedUntil: at,
      });
    if (step?.do === 'point') {
      this.consumer(step.consumer, { pointedAt: at });
      this.cutOverAt = at;
    }
    if (step?.do === 'promote') {
      this.promotedAt = at;
      this.cutOverAt = at;
    }
    if (step?.do === 'blank') this.blanked.add(`${step.consumer} ${step.place}`);
    if (step?.do === 'settle') this.settled = true;
  }

  /** For kinds whose steps leave something behind. */
  protected notDone(_step: Step, _answer: 'unknown' | 'refused' | 'undone'): void {}

  private of(id: string): ConsumerProgress {
    return consumerProgress(this, id);
  }

  private consumer(id: string, change: Partial<ConsumerProgress>): void {
    this.consumers.set(id, { ...this.of(id), ...change });
  }
}

/** What two tries of a step have in common. */
export function stepKey(step: AnyStep): string {
  const consumer = deliveryOf(step);
  return consumer && 'consumer' in consumer ? `${step.do} ${consumer.consumer}` : step.do;
}

function deliveryOf(step: AnyStep): DeliveryStep | undefined {
  return isDeliveryStep(step) ? step : undefined;
}

export function consumerProgress(
  { consumers }: Pick<DeliveryProgress, 'consumers'>,
  id: string,
): ConsumerProgress {
  return consumers.get(id) ?? NOTHING_YET;
}
