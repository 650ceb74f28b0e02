import type { EnvironmentWish } from '@tenant-delivery/provisioning/github/ports';
import type { Sent } from '@tenant-delivery/provisioning/ports';
import * as v from 'valibot';
import { changed, confirmed, everyItem, orAbsent } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { parametersOf } from '../session/repository.ts';
import { sentOf } from './sent-of.ts';

/** What an environment has, so that a request that sets all of it leaves the rest as it was. */
const environmentAnswer = v.object({
  protection_rules: v.array(
    v.looseObject({
      type: v.string(),
      wait_timer: v.optional(v.number()),
      prevent_self_review: v.optional(v.boolean()),
      reviewers: v.optional(
        v.array(v.object({ type: v.picklist(['User', 'Team']), reviewer: v.object({ id: v.number() }) })),
      ),
    }),
  ),
  deployment_branch_policy: v.nullable(
    v.object({ protected_branches: v.boolean(), custom_branch_policies: v.boolean() }),
  ),
});
const policyAnswer = v.object({
  id: v.number(),
  name: v.string(),
  type: v.optional(v.picklist(['branch', 'tag']), 'branch'),
});

type Where = { readonly owner: string; readonly repo: string; readonly environment_name: string };

/**
 * Makes an environment, or sets what the wish names. GitHub's route sets all of it, so the rest is read and sent again.
 * On the way the environment is never looser than before and after: selected branches begin as none.
 */
export async function setEnvironment(
  github: GithubClient,
  repository: string,
  { name, reviewers, branches }: EnvironmentWish,
): Promise<Sent> {
  const where = { ...parametersOf(repository), environment_name: name };
  const answer = await orAbsent(github.rest.repos.getEnvironment(where));
  const known = answer === 'absent' ? undefined : confirmed(environmentAnswer, answer);
  const rule = known?.protection_rules.find(({ type }) => type === 'required_reviewers');
  const timer = known?.protection_rules.find(({ type }) => type === 'wait_timer')?.wait_timer;
  const kept = rule?.reviewers?.map(({ type, reviewer }) => ({ type, id: reviewer.id })) ?? [];
  const put = await changed(
    github.rest.repos.createOrUpdateEnvironment({
      ...where,
      ...(timer !== undefined && { wait_timer: timer }),
      prevent_self_review: reviewers ? true : (rule?.prevent_self_review ?? false),
      reviewers: reviewers ? reviewers.map((id) => ({ type: 'User' as const, id })) : kept,
      deployment_branch_policy: branches
        ? { protected_branches: false, custom_branch_policies: true }
        : (known?.deployment_branch_policy ?? null),
    }),
  );
  return put.kind === 'done' && branches ? setBranches(github, where, branches) : sentOf(put);
}

/** First what is too much goes, then what lacks comes. */
async function setBranches(
  { paginate, rest: { repos } }: GithubClient,
  where: Where,
  branches: readonly string[],
): Promise<Sent> {
  const pages = paginate.iterator(repos.listDeploymentBranchPolicies, { ...where, per_page: 100 });
  const there = await everyItem(policyAnswer, pages);
  const agreed = ({ name, type }: { readonly name: string; readonly type: string }) =>
    type === 'branch' && branches.includes(name);
  for (const { id: branch_policy_id } of there.filter((each) => !agreed(each))) {
    const sent = sentOf(await changed(repos.deleteDeploymentBranchPolicy({ ...where, branch_policy_id })));
    if (sent !== 'done') return sent;
  }
  for (const name of branches.filter((each) => !there.some((one) => one.name === each && agreed(one)))) {
    const sent = sentOf(
      await changed(repos.createDeploymentBranchPolicy({ ...where, name, type: 'branch' })),
    );
    if (sent !== 'done') return sent;
  }
  return 'done';
}
