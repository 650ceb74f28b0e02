import { escrowVersion } from '@tenant-delivery/rotation/escrow-version';
import type { Journal } from '@tenant-delivery/rotation/journal';
import { type StepsTaken, stepsTaken } from '@tenant-delivery/rotation/steps-taken';
import type { Closed, Install, Opened, Step, VpnPskFact } from './facts.ts';

/** How far a generation is, by its journal. */
export interface Progress extends StepsTaken<Step> {
  readonly opened: Opened;
  /** The version of escrow that holds the new keys. */
  readonly version: string;
  readonly escrowed: boolean;
  readonly tunnels: ReadonlyMap<string, TunnelProgress>;
  readonly promotedAt: number | undefined;
  readonly settled: boolean;
  readonly forgotten: boolean;
  readonly compromised: boolean;
  /** What was taken for done by the state of a tunnel, since the run that did it died. */
  readonly deviations: readonly string[];
  readonly closed: Closed | undefined;
}

export interface TunnelProgress {
  /** The customer's people have said that the new key is ready, and no key of before came back since. */
  readonly attested: boolean;
  /** In order, those that may have taken effect. */
  readonly installs: readonly Installed[];
  /** When the tunnel had been up with the new key for long enough. */
  readonly provedAt: number | undefined;
}

export interface Installed {
  readonly step: Install;
  /** When it began. */
  readonly at: number;
  /** Nobody knows whether it took effect. */
  readonly unsure: boolean;
  /** Whose start of the action it was. */
  readonly process: string;
}

const UNTOUCHED: TunnelProgress = { attested: false, installs: [], provedAt: undefined };

/** `undefined` when no generation was ever opened. */
export function progressOf(journal: Journal<VpnPskFact>): Progress | undefined {
  const [first] = journal.entries;
  if (first?.fact.kind !== 'opened') return undefined;
  const opened = first.fact;
  const tunnels = new Map<string, TunnelProgress>();
  const of = (tunnel: string) => tunnels.get(tunnel) ?? UNTOUCHED;
  const done = new Map<Step['do'], number>();
  const deviations: string[] = [];
  let compromised = opened.reason === 'compromise';
  let closed: Closed | undefined;
  for (const { fact, at: time, by } of journal.entries) {
    const at = Date.parse(time);
    if (fact.kind === 'attested') tunnels.set(fact.tunnel, { ...of(fact.tunnel), attested: true });
    if (fact.kind === 'proved') tunnels.set(fact.tunnel, { ...of(fact.tunnel), provedAt: at });
    if (fact.kind === 'compromised') compromised = true;
    if (fact.kind === 'closed') closed = fact;
    if (fact.kind !== 'began' && fact.kind !== 'ended') continue;
    const { step } = fact;
    if (fact.kind === 'ended' && fact.answer === 'done') done.set(step.do, at);
    if (step.do !== 'install') continue;
    const so = of(step.tunnel);
    if (fact.kind === 'began') {
      const installs = [...so.installs, { step, at, unsure: true, process: by.process }];
      tunnels.set(step.tunnel, { ...so, installs, attested: so.attested && step.why !== 'back' });
    } else tunnels.set(step.tunnel, { ...so, installs: ended(so.installs, fact.answer) });
    if (fact.kind === 'ended' && fact.answer === 'done' && fact.found)
      deviations.push(`tunnel ${step.tunnel}: that it has its key (${step.why}) was seen by its state`);
  }
  return {
    ...stepsTaken<Step>(journal, stepKey),
    opened,
    version: escrowVersion(journal.credential, journal.generation, 0),
    escrowed: done.has('escrow'),
    tunnels,
    promotedAt: done.get('promote'),
    settled: done.has('settle'),
    forgotten: done.has('forget'),
    compromised,
    deviations,
    closed,
  };
}

/** The last one is what ended: nobody begins another one beside it. */
function ended(installs: readonly Installed[], answer: string): readonly Installed[] {
  const last = installs.at(-1);
  if (!last) return installs;
  const others = installs.slice(0, -1);
  if (answer === 'refused' || answer === 'undone') return others;
  return [...others, { ...last, unsure: answer === 'unknown' }];
}

export function stepKey(step: Step): string {
  return step.do === 'install' ? `install ${step.tunnel}` : step.do;
}

export function tunnelProgress({ tunnels }: Progress, outside: string): TunnelProgress {
  return tunnels.get(outside) ?? UNTOUCHED;
}
