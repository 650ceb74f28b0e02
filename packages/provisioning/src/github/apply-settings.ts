import type { SettingDifference } from './compare-settings.ts';
import type { ObservedRepository, RepositorySettings } from './ports.ts';
import { reviewersOf, type WantedRepository } from './wanted-settings.ts';

/** What became of one thing that was set. */
export interface AppliedSetting {
  readonly repository: string;
  readonly of: SettingDifference['of'];
  /** `unknown`: no answer came, so it is to be looked at. */
  readonly result: 'set' | 'unknown' | { readonly refused: string };
}

/**
 * Sets what differs and can be set, each environment and ruleset as a whole. What is as agreed is not touched, and another
 * repository under the agreed name neither.
 */
export async function applySettings(
  settings: RepositorySettings,
  wanted: WantedRepository,
  observed: ObservedRepository,
  differences: readonly SettingDifference[],
): Promise<readonly AppliedSetting[]> {
  const { repository, approval, deployment, ruleset } = wanted;
  const differs = (of: SettingDifference['of']) =>
    differences.some((each) => each.repository === repository && each.of === of && !each.byHand);
  const applied: AppliedSetting[] = [];
  const note = (of: SettingDifference['of'], sent: Awaited<ReturnType<typeof settings.setEnvironment>>) => {
    applied.push({ repository, of, result: sent === 'done' ? 'set' : sent });
  };
  const reviewers = reviewersOf(approval);
  if (differs('approval') && reviewers !== 'too-many')
    note('approval', await settings.setEnvironment(repository, { name: approval.environment, reviewers }));
  if (differs('deployment')) {
    const wish = { name: deployment.environment, branches: deployment.branches };
    note('deployment', await settings.setEnvironment(repository, wish));
  }
  if (differs('ruleset')) {
    const known = observed.ruleset === 'absent' ? undefined : observed.ruleset.id;
    note('ruleset', await settings.setRuleset(repository, ruleset, known));
  }
  return applied;
}
