import type { Environments } from '@tenant-delivery/delivery/github-ports';
import type { BranchRule, Reviewers } from '@tenant-delivery/tenancy/environment-protection';
import * as v from 'valibot';
import { confirmed, everyItem, orAbsent } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { person } from '../session/person.ts';
import { parametersOf } from '../session/repository.ts';

/** `can_admins_bypass` is in GitHub's answers though not in its published description; without it nothing is known. */
const environmentAnswer = v.object({
  name: v.string(),
  can_admins_bypass: v.boolean(),
  protection_rules: v.array(v.looseObject({ type: v.string() })),
  deployment_branch_policy: v.nullable(
    v.object({ protected_branches: v.boolean(), custom_branch_policies: v.boolean() }),
  ),
});

const reviewersRule = v.object({
  prevent_self_review: v.boolean(),
  reviewers: v.array(
    v.variant('type', [
      v.object({ type: v.literal('User'), reviewer: person }),
      v.object({ type: v.literal('Team'), reviewer: v.object({ slug: v.string() }) }),
    ]),
  ),
});

const branchPolicy = v.object({
  name: v.string(),
  type: v.optional(v.picklist(['branch', 'tag']), 'branch'),
});

/** Needs `actions: read`. */
export function environments(github: GithubClient): Environments {
  return {
    async protectionOf(repository, environment) {
      const where = { ...parametersOf(repository), environment_name: environment };
      const answer = await orAbsent(github.rest.repos.getEnvironment(where));
      if (answer === 'absent') return 'absent';
      const { policy, ...described } = confirmed(describedEnvironment, answer);
      return { ...described, branches: await branchesOf(github, where, policy) };
    },
  };
}

const describedEnvironment = v.pipe(
  environmentAnswer,
  v.rawTransform(({ dataset, addIssue }) => {
    const given = dataset.value;
    const rule = given.protection_rules.find(({ type }) => type === 'required_reviewers');
    const read = rule && v.safeParse(reviewersRule, rule);
    if (read && !read.success) addIssue({ message: 'the required_reviewers rule is not described in full' });
    return {
      name: given.name,
      adminsMayBypass: given.can_admins_bypass,
      policy: given.deployment_branch_policy,
      reviewers: read?.success ? reviewersOf(read.output) : ({ kind: 'none' } as const),
    };
  }),
);

function reviewersOf(rule: v.InferOutput<typeof reviewersRule>): Reviewers {
  if (rule.reviewers.length === 0) return { kind: 'none' };
  return {
    kind: 'required',
    people: rule.reviewers.flatMap((each) => (each.type === 'User' ? [each.reviewer] : [])),
    teams: rule.reviewers.flatMap((each) => (each.type === 'Team' ? [each.reviewer.slug] : [])),
    preventSelfReview: rule.prevent_self_review,
  };
}

async function branchesOf(
  { paginate, rest: { repos } }: GithubClient,
  where: { readonly owner: string; readonly repo: string; readonly environment_name: string },
  policy: v.InferOutput<typeof environmentAnswer>['deployment_branch_policy'],
): Promise<BranchRule> {
  if (policy === null) return { kind: 'any' };
  if (policy.protected_branches) return { kind: 'protected-branches' };
  const pages = paginate.iterator(repos.listDeploymentBranchPolicies, { ...where, per_page: 100 });
  const patterns = await orAbsent(everyItem(branchPolicy, pages));
  if (patterns === 'absent') return { kind: 'patterns', branches: [], tags: [] };
  return {
    kind: 'patterns',
    branches: patterns.filter(({ type }) => type === 'branch').map(({ name }) => name),
    tags: patterns.filter(({ type }) => type === 'tag').map(({ name }) => name),
  };
}
