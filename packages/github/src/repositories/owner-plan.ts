import * as v from 'valibot';
import { confirmed, orAbsent } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { parametersOf } from '../session/repository.ts';

/** GitHub leaves the plan out for everybody but the owner of the organisation. */
const ownerAnswer = v.object({ plan: v.optional(v.object({ name: v.string() })) });

/** The plan of the organisation that owns a repository, as far as the token may see it. */
export async function ownerPlan(github: GithubClient, repository: string): Promise<string | undefined> {
  const { owner: org } = parametersOf(repository);
  const answer = await orAbsent(github.rest.orgs.get({ org })); // a person is no organisation, and has no such plan
  return answer === 'absent' ? undefined : confirmed(ownerAnswer, answer).plan?.name;
}
