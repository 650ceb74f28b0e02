import { type Saw, sawIn } from '@tenant-delivery/action-kit/saw';

/** A workflow that is started by hand. */
export interface Start {
  readonly repository: 'service' | 'operations';
  /** Its file below `.github/workflows`. */
  readonly workflow: string;
  readonly inputs: Readonly<Record<string, string>>;
}

export interface PlayedJob {
  readonly name: string;
  readonly conclusion: string;
  /** Empty where it never ran. */
  readonly log: string;
}

export interface PlayedRun {
  readonly id: number;
  readonly conclusion: string;
  readonly jobs: readonly PlayedJob[];
}

/** One thing that a canary does: what it commits, what it starts, and how that must end. */
export interface Play {
  readonly name: string;
  /** Files of the service's repository, each by its path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly start: Start;
  /** Further inputs, from what the plays before it left. */
  readonly inputsFrom?: (plays: readonly Played[]) => Start['inputs'];
  /** Its run is left waiting for a review, until the next play has ended. */
  readonly waits?: true;
  /** What the report adds when a log of the run has this. */
  readonly note?: { readonly when: RegExp; readonly says: string };
  /** The conclusion of the run, and what an action in it must have said: its name and its outcome. */
  readonly ends: {
    readonly conclusion: string;
    readonly says: readonly (readonly [action: string, outcome: string])[];
  };
}

/** What a play was seen to do. */
export interface Played {
  readonly play: string;
  readonly run: PlayedRun;
  /** What its actions should have said. */
  readonly wants: Play['ends']['says'];
  /** It was left waiting for a review. */
  readonly waited: boolean;
  /** What its actions saw of assumptions, in order. */
  readonly saw: readonly Saw[];
  /** What its actions said, in order. */
  readonly said: readonly { readonly action: string; readonly outcome: string; readonly code: string }[];
  /** What it did not show, although it ended as expected. */
  readonly note?: string;
  /** One sentence for each way in which it ended otherwise. */
  readonly otherwise: readonly string[];
}

/** The lines by which actions say in their debug log how they ended. */
function saidIn(run: PlayedRun): Played['said'] {
  const lines = run.jobs.flatMap(({ log }) => [...log.matchAll(/##\[debug\]ended (\S+) (\S+) (\S+)/g)]);
  return lines.map(([, action = '', outcome = '', code = '']) => ({ action, outcome, code }));
}

/** Compares a run with what its play wants. */
export function playedAs({ name, ends, waits, note }: Play, run: PlayedRun): Played {
  const said = saidIn(run);
  const unsaid = ends.says.filter(
    ([action, outcome]) => !said.some((each) => each.action === action && each.outcome === outcome),
  );
  const heard = said.map(({ action, outcome, code }) => `${action} ${outcome} (${code})`).join(', ');
  return {
    play: name,
    wants: ends.says,
    run,
    waited: waits === true,
    saw: run.jobs.flatMap(({ log }) => sawIn(log)),
    said,
    ...(note && run.jobs.some(({ log }) => note.when.test(log)) && { note: note.says }),
    otherwise: [
      ...(run.conclusion === ends.conclusion
        ? []
        : [`the run ended as ${run.conclusion} instead of ${ends.conclusion}`]),
      ...unsaid.map(
        ([action, outcome]) => `${action} did not say ${outcome}; the run said ${heard || 'nothing'}`,
      ),
    ],
  };
}
