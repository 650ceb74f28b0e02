import { factReader, isTexts } from '@tenant-delivery/rotation/fact-reader';
import type { Began, Ended } from '@tenant-delivery/rotation/journal-entry';

/** The calls that change something. */
export type Step =
  | { readonly do: 'rotate'; readonly version: string }
  | { readonly do: 'promote'; readonly version: string; readonly from: string }
  /** The value did not work, so the previous one is current again. */
  | { readonly do: 'demote'; readonly version: string; readonly from: string }
  | { readonly do: 'settle'; readonly version: string }
  /** A label for a version that runs and would otherwise have none. Secrets Manager deletes versions without a label. */
  | { readonly do: 'keep'; readonly version: string; readonly label: string }
  | { readonly do: 'release'; readonly version: string; readonly label: string }
  | { readonly do: 'register'; readonly service: string; readonly version: string; readonly from: string }
  | {
      readonly do: 'deploy';
      readonly service: string;
      readonly version: string;
      readonly revision: string;
      readonly from: string;
      readonly rollout: string;
    }
  | {
      readonly do: 'restart';
      readonly service: string;
      readonly version: string;
      readonly from: string;
      readonly rollout: string;
    };

/**
 * One turn of a generation. `rotate`: the secret's function makes a value. `provided`: its owner staged one. `follow`:
 * somebody else changed it, and what runs is brought to what is current.
 */
export type Round = 'rotate' | 'provided' | 'follow';

export interface Opened {
  readonly kind: 'opened';
  readonly reason: 'due' | 'forced' | 'compromise' | 'staged' | 'behind';
  readonly strategy: 'single-user' | 'alternating-users' | 'provider-set';
  readonly secret: string;
  readonly account: string;
  /** Ids of the versions that had a label. */
  readonly before: readonly string[];
  readonly current: string;
  /** Every task that starts after this time reads the current value. */
  readonly since: string;
  readonly consumers: readonly string[];
  readonly rounds: readonly Round[];
  readonly maxAgeDays: number;
}

/** The version that this round brings. If this is said again, the round starts again. */
export interface Chosen {
  readonly kind: 'chosen';
  readonly version: string;
}

/** AWSCURRENT is on it. */
export interface Promoted {
  readonly kind: 'promoted';
  readonly version: string;
}

/** Healthy tasks work with it. */
export interface Proved {
  readonly kind: 'proved';
  readonly version: string;
  readonly by: string;
}

/** Every task of a service has it. */
export interface Attested {
  readonly kind: 'attested';
  readonly service: string;
  readonly version: string;
  readonly taskDefinition: string;
  readonly tasks: number;
}

/** No task of the cluster has another. */
export interface Drained {
  readonly kind: 'drained';
  readonly version: string;
}

export interface Turned {
  readonly kind: 'turned';
  readonly version: string;
}

/** Somebody said that the value has leaked. */
export interface Compromised {
  readonly kind: 'compromised';
  readonly version: string;
}

export interface Closed {
  readonly kind: 'closed';
  readonly version: string;
  readonly deviations: readonly string[];
}

export type Note =
  | Opened
  | Chosen
  | Promoted
  | Proved
  | Attested
  | Drained
  | Turned
  | Compromised
  | Closed
  | Ended<Step>;
export type SecretsManagerFact = Note | Began<Step>;

export const readSecretsManagerFact = factReader<SecretsManagerFact>(
  {
    opened: ['reason', 'strategy', 'secret', 'account', 'current', 'since'],
    began: ['session'],
    ended: ['answer'],
    chosen: ['version'],
    promoted: ['version'],
    proved: ['version', 'by'],
    attested: ['service', 'version', 'taskDefinition'],
    drained: ['version'],
    turned: ['version'],
    compromised: ['version'],
    closed: ['version'],
  },
  {
    rotate: ['version'],
    promote: ['version', 'from'],
    demote: ['version', 'from'],
    settle: ['version'],
    keep: ['version', 'label'],
    release: ['version', 'label'],
    register: ['service', 'version', 'from'],
    deploy: ['service', 'version', 'revision', 'from', 'rollout'],
    restart: ['service', 'version', 'from', 'rollout'],
  },
  (kind, fact) =>
    kind === 'opened' && !(isTexts(fact['before']) && isTexts(fact['consumers']) && isTexts(fact['rounds']))
      ? 'opens without saying what existed'
      : undefined,
);
