import {
  DeliveryFold,
  type DeliveryProgress,
  stepKey,
} from '@tenant-delivery/rotation/distribution/progress';
import type { Journal } from '@tenant-delivery/rotation/journal';
import type { Entry } from '@tenant-delivery/rotation/journal-entry';
import { stepsTaken } from '@tenant-delivery/rotation/steps-taken';
import type { Closed, GithubAppKeyFact, Gone, Opened, Step } from './facts.ts';

/** How far a generation is, by its journal. */
export interface Progress extends DeliveryProgress<Step> {
  readonly opened: Opened;
  /** How often a key was brought: the newest counts. */
  readonly staged: number;
  readonly attestedAt: number | undefined;
  readonly gone: Gone | undefined;
  readonly closed: Closed | undefined;
}

/** `undefined` when no generation was ever opened. */
export function progressOf(journal: Journal<GithubAppKeyFact>): Progress | undefined {
  const [first] = journal.entries;
  if (first?.fact.kind !== 'opened') return undefined;
  const fold = new Fold(first.fact, first.at, stepsTaken<Step>(journal, stepKey));
  for (const entry of journal.entries) fold.read(entry);
  return fold;
}

class Fold extends DeliveryFold<Opened, Step, Closed> implements Progress {
  staged = 0;
  attestedAt: number | undefined;
  gone: Gone | undefined;

  read(entry: Entry<GithubAppKeyFact>): void {
    const { fact } = entry;
    const at = Date.parse(entry.at);
    if (fact.kind === 'staged') {
      this.staged += 1;
      this.created = { version: fact.version, key: fact.key, at };
      this.provedAt = undefined;
      this.promotedAt = undefined;
      this.consumers.clear();
    } else if (fact.kind === 'gone') this.gone = fact;
    else this.take({ ...entry, fact });
    if (fact.kind === 'attested') this.attestedAt = at;
  }
}
