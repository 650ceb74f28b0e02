import {
  type CreatedKey,
  DeliveryFold,
  type DeliveryProgress,
  stepKey,
} from '@tenant-delivery/rotation/distribution/progress';
import type { Journal } from '@tenant-delivery/rotation/journal';
import { stepsTaken } from '@tenant-delivery/rotation/steps-taken';
import type { Closed, IamAccessKeyFact, Opened, Step } from './facts.ts';

/** How far a generation is, by its journal. */
export interface Progress extends DeliveryProgress<Step> {
  readonly opened: Opened;
  readonly creates: readonly Create[];
  /** The new key, once its secret is in escrow. */
  readonly created: CreatedKey | undefined;
  /** Each time that the old key was disabled; the last is in force unless `returned` has as many. */
  readonly disabled: readonly number[];
  readonly returned: readonly number[];
  readonly sessionsDenied: boolean;
  readonly deleted: boolean;
  /** When orphans were disabled, by fingerprint. */
  readonly orphans: ReadonlyMap<string, number>;
  /** Keys that this generation has deleted: IAM's lists may show them for a while. */
  readonly removed: ReadonlySet<string>;
  readonly closed: Closed | undefined;
}

export interface Create {
  readonly version: string;
  readonly at: number;
  readonly session: string;
  /** It left nothing behind, as far as anybody knows. */
  readonly ended: boolean;
}

/** `undefined` when no generation was ever opened. */
export function progressOf(journal: Journal<IamAccessKeyFact>): Progress | undefined {
  const [first] = journal.entries;
  if (first?.fact.kind !== 'opened') return undefined;
  const fold = new Fold(first.fact, first.at, stepsTaken<Step>(journal, stepKey));
  for (const entry of journal.entries) fold.take(entry);
  return fold;
}

/** Every promise of `Progress`, filled entry by entry. */
class Fold extends DeliveryFold<Opened, Step, Closed> implements Progress {
  creates: Create[] = [];
  disabled: number[] = [];
  returned: number[] = [];
  sessionsDenied = false;
  deleted = false;
  orphans = new Map<string, number>();
  removed = new Set<string>();

  protected override began(step: Step, at: number, session: string): void {
    super.began(step, at, session);
    if (step.do === 'create') this.creates.push({ version: step.version, at, session, ended: false });
  }

  protected override done(step: Step, at: number, key: string | undefined): void {
    super.done(step, at, key);
    if (step.do === 'create' && key !== undefined) {
      this.created = { version: step.version, key, at };
      this.endCreate(step.version);
    }
    if (step.do === 'delete-orphan') for (const { version } of this.creates) this.endCreate(version);
    if (step.do === 'disable') this.disabled.push(at);
    if (step.do === 'enable') {
      this.returned.push(at);
      this.drainedAt = undefined;
    }
    if (step.do === 'deny-sessions') this.sessionsDenied = true;
    if (step.do === 'disable-orphan') this.orphans.set(step.key, at);
    if (step.do === 'delete') this.deleted = true;
    if (step.do === 'delete' || step.do === 'delete-orphan') this.removed.add(step.key);
  }

  protected override notDone(step: Step, answer: 'unknown' | 'refused' | 'undone'): void {
    if (step.do === 'create' && answer !== 'unknown') this.endCreate(step.version);
  }

  private endCreate(version: string): void {
    this.creates = this.creates.map((create) =>
      create.version === version ? { ...create, ended: true } : create,
    );
  }
}
