import * as v from 'valibot';
import { failures } from '../failures.ts';
import { confirmed, orAbsent } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { parametersOf } from '../session/repository.ts';

const listed = v.array(v.object({ tag_name: v.string(), draft: v.boolean(), prerelease: v.boolean() }));

/** Tag of the newest release that is out; `undefined` where there is none. Needs `contents: read`, and nothing of a public repository. */
export async function newestRelease(
  { rest: { repos } }: GithubClient,
  repository: string,
): Promise<string | undefined> {
  const answer = await orAbsent(repos.listReleases({ ...parametersOf(repository), per_page: 30 }));
  if (answer === 'absent')
    throw failures.answerIncomplete(`/repos/${repository}/releases`, ['this token sees no such repository']);
  return confirmed(listed, answer).find(({ draft, prerelease }) => !draft && !prerelease)?.tag_name;
}
