import type { EnvironmentProtection } from '@tenant-delivery/tenancy/environment-protection';
import type { Sent } from '../ports.ts';
import type { ComparedRepository, WantedRuleset } from './wanted-settings.ts';

/** How a repository is set, as GitHub tells it. */
export interface ObservedRepository {
  readonly id: number;
  readonly visibility: 'public' | 'private' | 'internal';
  readonly approval: EnvironmentProtection | 'absent';
  readonly deployment: EnvironmentProtection | 'absent';
  /** By the branches of the wanted ruleset: the rules of all rulesets that hold there, an organisation's too. */
  readonly rules: Readonly<Record<string, BranchRules>>;
  /** Our own ruleset, by its name. */
  readonly ruleset: ObservedRuleset | 'absent';
}

export interface BranchRules {
  readonly deletion: 'refused' | 'allowed';
  readonly forcePush: 'refused' | 'allowed';
  readonly checks: readonly string[];
}

export interface ObservedRuleset {
  readonly id: number;
  readonly active: boolean;
  /** `unseen`: GitHub shows it only to those who may change it. */
  readonly bypass: 'nobody' | 'somebody' | 'unseen';
  /** Full refs with patterns for which it holds, and those that it leaves out. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Types of its rules, as GitHub has them: `deletion`. */
  readonly rules: readonly string[];
  readonly checks: readonly string[];
  /** A branch must be up to date before it is merged. */
  readonly upToDate: boolean;
}

/** How an environment is to be set. What is not named stays as it is. */
export interface EnvironmentWish {
  readonly name: string;
  /** People who are asked, instead of those before, and who do not review their own runs. */
  readonly reviewers?: readonly number[];
  /** The only branches that deploy from it. */
  readonly branches?: readonly string[];
}

/** Reads settings. `absent` is GitHub's own 404, also for what the token may not see; what could not be seen throws. */
export interface SettingsReader {
  observe(wanted: ComparedRepository): Promise<ObservedRepository | 'absent'>;
}

/**
 * Changes settings. Each wish is a whole, so that sending it again changes nothing more. A ruleset keeps what others added to it
 * that makes it stricter.
 */
export interface RepositorySettings extends SettingsReader {
  setEnvironment(repository: string, wish: EnvironmentWish): Promise<Sent>;
  /** `known` is the id of the ruleset to replace; without it there is a new one. */
  setRuleset(repository: string, ruleset: WantedRuleset, known: number | undefined): Promise<Sent>;
}
