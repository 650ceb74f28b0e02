import {
  DeliveryFold,
  type DeliveryProgress,
  stepKey,
} from '@tenant-delivery/rotation/distribution/progress';
import type { Journal } from '@tenant-delivery/rotation/journal';
import { stepsTaken } from '@tenant-delivery/rotation/steps-taken';
import type { Closed, GithubDeployKeyFact, Opened, PublicHalf, Step } from './facts.ts';

/** How far a generation is, by its journal. */
export interface Progress extends DeliveryProgress<Step> {
  readonly opened: Opened;
  /** Keys that were to be put into escrow, the newest last. */
  readonly attempts: readonly Attempt[];
  readonly registeredAt: number | undefined;
  /** The old key, as it was when it was deleted. */
  readonly taken: PublicHalf | undefined;
  /** Each time that the old key was deleted; the last is in force unless `returned` has as many. */
  readonly deleted: readonly number[];
  readonly returned: readonly number[];
  readonly closed: Closed | undefined;
}

export interface Attempt {
  readonly version: string;
  readonly key: string;
  readonly publicKey: string;
  readonly at: number;
  /** It left nothing behind, as far as anybody knows. */
  readonly ended: boolean;
}

/** `undefined` when no generation was ever opened. */
export function progressOf(journal: Journal<GithubDeployKeyFact>): Progress | undefined {
  const believed = { ...journal, entries: journal.entries.filter(({ doubted }) => !doubted) };
  const [first] = believed.entries;
  if (first?.fact.kind !== 'opened') return undefined;
  const fold = new Fold(first.fact, first.at, stepsTaken<Step>(believed, stepKey));
  for (const entry of believed.entries) fold.take(entry);
  return fold;
}

class Fold extends DeliveryFold<Opened, Step, Closed> implements Progress {
  attempts: Attempt[] = [];
  registeredAt: number | undefined;
  taken: PublicHalf | undefined;
  deleted: number[] = [];
  returned: number[] = [];

  protected override began(step: Step, at: number, session: string): void {
    super.began(step, at, session);
    if (step.do === 'escrow') {
      const { version, key, publicKey } = step;
      this.attempts.push({ version, key, publicKey, at, ended: false });
    }
  }

  protected override done(step: Step, at: number, key: string | undefined): void {
    super.done(step, at, key);
    if (step.do === 'escrow') {
      this.created = { version: step.version, key: step.key, at };
      this.endAttempt(step.version);
    }
    if (step.do === 'register') this.registeredAt = at;
    if (step.do === 'delete') {
      const { do: _, ...half } = step;
      this.taken = half;
      this.deleted.push(at);
    }
    if (step.do === 'restore') {
      this.returned.push(at);
      this.drainedAt = undefined;
    }
  }

  protected override notDone(step: Step, answer: 'unknown' | 'refused' | 'undone'): void {
    if (step.do === 'escrow' && answer !== 'unknown') this.endAttempt(step.version);
  }

  private endAttempt(version: string): void {
    this.attempts = this.attempts.map((one) => (one.version === version ? { ...one, ended: true } : one));
  }
}
