import type { GithubReader } from '@tenant-delivery/provisioning/doctor/ports';
import * as v from 'valibot';
import { confirmed, orAbsent } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { parametersOf } from '../session/repository.ts';

const repositoryAnswer = v.object({
  visibility: v.picklist(['public', 'private', 'internal']),
  owner: v.object({ login: v.string(), type: v.string() }),
});

/** GitHub leaves the plan out for everybody but the owner of the organisation. */
const ownerAnswer = v.object({ plan: v.optional(v.object({ name: v.string() })) });

/** What a repository is, and under which plan, as far as the token may see it. Needs `metadata: read`. */
export function repositorySettings(github: GithubClient): Pick<GithubReader, 'settingsOf'> {
  const plans = new Map<string, Promise<string | undefined>>();
  const planOf = async (org: string) => {
    const answer = await orAbsent(github.rest.orgs.get({ org }));
    return answer === 'absent' ? undefined : confirmed(ownerAnswer, answer).plan?.name;
  };
  return {
    async settingsOf(repository) {
      const answer = await orAbsent(github.rest.repos.get(parametersOf(repository)));
      if (answer === 'absent') return undefined;
      const { visibility, owner } = confirmed(repositoryAnswer, answer);
      if (visibility === 'public' || owner.type !== 'Organization') return { visibility, plan: undefined };
      const plan = plans.get(owner.login) ?? planOf(owner.login);
      plans.set(owner.login, plan);
      return { visibility, plan: await plan };
    },
  };
}
