import type { CheckRuns } from '@tenant-delivery/delivery/github-ports';
import * as v from 'valibot';
import { confirmed } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { parametersOf } from '../session/repository.ts';

const LONGEST = 65_000; // characters of a summary; GitHub refuses more than 65,535

/** Needs `checks: write`. */
export function checkRuns({ rest: { checks } }: GithubClient): CheckRuns {
  return {
    async complete(repository, { name, sha, conclusion, title, summary }) {
      const made = await checks.create({
        ...parametersOf(repository),
        name,
        head_sha: sha,
        status: 'completed',
        conclusion,
        output: { title, summary: summary.slice(0, LONGEST) },
      });
      confirmed(v.object({ id: v.number() }), made);
    },
  };
}
