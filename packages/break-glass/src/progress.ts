import { HOUR } from '@tenant-delivery/domain';
import type { Journal } from '@tenant-delivery/rotation/journal';
import { type StepsTaken, stepsTaken } from '@tenant-delivery/rotation/steps-taken';
import type { BreakGlassFact, Ending, Granted, Opened, Over, Step, Used } from './facts.ts';
import type { PolicyDocument } from './policy-document.ts';

/** A session of a role that was assumed by a session of another ends after an hour at the latest. */
export const LONGEST_SESSION = HOUR;

export interface Grant extends Omit<Granted, 'kind' | 'from' | 'until'> {
  readonly from: number;
  readonly until: number;
  readonly live: boolean;
  readonly ending: { readonly at: number; readonly why: Ending['why'] } | undefined;
  readonly over: { readonly at: number; readonly how: Over['how'] } | undefined;
  readonly used: Used | undefined;
}

/** Which grants there are, by the journal alone. */
export interface Progress {
  readonly opened: Opened | undefined;
  readonly grants: readonly Grant[];
  readonly taken: StepsTaken<Step>;
  /** What each step wrote last, and when. */
  readonly written: ReadonlyMap<Step['do'], { readonly document: PolicyDocument; readonly at: number }>;
  readonly entries: number;
}

export function progressOf(journal: Journal<BreakGlassFact>): Progress {
  const grants = new Map<string, Grant>();
  const written = new Map<Step['do'], { document: PolicyDocument; at: number }>();
  const change = (grant: string, said: Partial<Grant>) => {
    const known = grants.get(grant);
    if (known) grants.set(grant, { ...known, ...said });
  };
  let opened: Opened | undefined;
  for (const { fact, at, doubted } of journal.entries) {
    if (fact.kind === 'opened') opened = fact;
    if (fact.kind === 'granted' && !doubted) {
      const { kind: _, from, until, ...said } = fact;
      const times = { from: Date.parse(from), until: Date.parse(until) };
      const none = { live: false, ending: undefined, over: undefined, used: undefined };
      grants.set(fact.grant, { ...said, ...times, ...none });
    }
    if (fact.kind === 'live') change(fact.grant, { live: true });
    if (fact.kind === 'ending') change(fact.grant, { ending: { at: Date.parse(fact.at), why: fact.why } });
    if (fact.kind === 'over') change(fact.grant, { over: { at: Date.parse(fact.at), how: fact.how } });
    if (fact.kind === 'used' && !doubted) change(fact.grant, { used: fact });
    if (fact.kind === 'ended' && fact.answer === 'done')
      written.set(fact.step.do, { document: fact.step.document, at: Date.parse(at) });
  }
  return {
    opened,
    grants: [...grants.values()],
    taken: stepsTaken(journal, (step: Step) => step.do),
    written,
    entries: journal.entries.length,
  };
}

/** Those by which somebody may get in at this time. */
export function openAt(grants: readonly Grant[], now: number): readonly Grant[] {
  return grants.filter(({ ending, over, until }) => !ending && !over && now < until);
}
