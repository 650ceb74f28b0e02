import type { EnvironmentProtection } from '@tenant-delivery/tenancy/environment-protection';
import {
  compareApprovalEnvironment,
  compareDeployEnvironment,
} from '@tenant-delivery/tenancy/environment-protection';
import type { BranchRules, ObservedRepository } from './ports.ts';
import { type ComparedRepository, reviewersOf, type WantedRuleset } from './wanted-settings.ts';

/** One thing that is set otherwise than agreed. */
export interface SettingDifference {
  readonly repository: string;
  /** What would be set to mend it. */
  readonly of: 'repository' | 'approval' | 'deployment' | 'ruleset';
  readonly says: string;
  /** GitHub has no way for an App to change it, so a person does. */
  readonly byHand: boolean;
}

/** How a repository differs from what was agreed: none if it protects as agreed. */
export function compareSettings(
  wanted: ComparedRepository,
  observed: ObservedRepository | 'absent',
): readonly SettingDifference[] {
  const { repository, id } = wanted;
  const differing =
    (of: SettingDifference['of'], byHand = false) =>
    (says: string): SettingDifference => ({ repository, of, says, byHand });
  if (observed === 'absent') {
    const says = `${repository} is not there, or the token may not see it`;
    return [differing('repository', true)(says)];
  }
  if (observed.id !== id) {
    const says = `${repository} has the number ${observed.id}; the contract names ${id}: another repository has this name now`;
    return [differing('repository', true)(says)];
  }
  const { settable, byHand } = approvalDifferences(wanted, observed);
  return [
    ...settable.map(differing('approval')),
    ...byHand.map(differing('approval', true)),
    ...deploymentDifferences(wanted, observed.deployment).map(differing('deployment')),
    ...(wanted.ruleset ? rulesetDifferences(wanted.ruleset, observed) : []).map(differing('ruleset')),
  ];
}

/** The rules of approve-change, split by who can mend a breach: no route of GitHub's API takes the bypass of administrators away. */
function approvalDifferences(
  { approval, repository }: ComparedRepository,
  { approval: found, visibility }: ObservedRepository,
): { readonly settable: readonly string[]; readonly byHand: readonly string[] } {
  const { environment: name } = approval;
  const bypass = `${name} lets administrators bypass its rules: switch that off in the settings of the environment`;
  const bypassed = found === 'absent' || found.adminsMayBypass ? [bypass] : [];
  const settable = compareApprovalEnvironment(
    approval,
    found === 'absent' ? found : { ...found, adminsMayBypass: false },
  );
  if (settable.length > 0 && reviewersOf(approval) === 'too-many') {
    const choose = `${name}: more than six people may approve, and GitHub asks six at most: choose them in the settings of ${repository}`;
    return { settable: [], byHand: [...settable, choose, ...bypassed] };
  }
  const paid =
    settable.length > 0 && visibility !== 'public'
      ? [`${name}: ${repository} is not public, so its owner needs GitHub Enterprise for required reviewers`]
      : []; // nobody can see which plan the owner pays for
  return { settable, byHand: [...paid, ...bypassed] };
}

/** What approve-change checks, and that the agreed branches do get through. */
function deploymentDifferences(
  { deployment }: ComparedRepository,
  found: EnvironmentProtection | 'absent',
): readonly string[] {
  const { environment: name, branches } = deployment;
  const looser = compareDeployEnvironment(deployment, found);
  if (found === 'absent' || found.branches.kind !== 'patterns') return looser;
  const through = found.branches.branches;
  const kept = branches.filter((branch) => !through.includes(branch));
  return [...looser, ...kept.map((branch) => `${name} does not deploy from ${branch}, which is agreed`)];
}

function rulesetDifferences(
  { name, branches, checks }: WantedRuleset,
  { rules, ruleset }: ObservedRepository,
): readonly string[] {
  const missing = branches.flatMap((branch) => missingRules(branch, checks, rules[branch]));
  if (ruleset === 'absent') return missing;
  return [
    ...missing,
    ...(ruleset.active ? [] : [`the ruleset ${name} is not active`]),
    ...(ruleset.bypass === 'somebody' ? [`somebody may bypass the ruleset ${name}; agreed is nobody`] : []),
  ];
}

/** What was agreed and cannot be seen: GitHub shows who may bypass a ruleset only to those who may change it. */
export function notSeen(
  { ruleset: wanted }: ComparedRepository,
  observed: ObservedRepository | 'absent',
): readonly string[] {
  if (!wanted || observed === 'absent') return [];
  const { ruleset } = observed;
  return ruleset === 'absent' || ruleset.bypass === 'unseen'
    ? [`who may bypass the rules for ${wanted.branches.join(', ')} cannot be seen by this App`]
    : [];
}

function missingRules(
  branch: string,
  checks: readonly string[],
  rules: BranchRules = { deletion: 'allowed', forcePush: 'allowed', checks: [] },
): readonly string[] {
  return [
    ...(rules.deletion === 'refused' ? [] : [`${branch} may be deleted`]),
    ...(rules.forcePush === 'refused' ? [] : [`${branch} may be force-pushed`]),
    ...checks
      .filter((check) => !rules.checks.includes(check))
      .map((check) => `${branch} takes pull requests without the check ${check}`),
  ];
}
