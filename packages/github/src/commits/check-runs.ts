import type { CheckRuns } from '@tenant-delivery/delivery/github-ports';
import * as v from 'valibot';
import { failures } from '../failures.ts';
import type { Ask } from '../session/ask.ts';
import { parametersOf } from '../session/repository.ts';

const CREATE = 'POST /repos/{owner}/{repo}/check-runs';
const LONGEST = 65_000; // characters of a summary; GitHub refuses more than 65,535

/** Needs `checks: write`. */
export function checkRuns(ask: Ask): CheckRuns {
  return {
    async complete(repository, { name, sha, conclusion, title, summary }) {
      const made = await ask(
        CREATE,
        {
          ...parametersOf(repository),
          name,
          head_sha: sha,
          status: 'completed',
          conclusion,
          output: { title, summary: summary.slice(0, LONGEST) },
        },
        v.object({ id: v.number() }),
      );
      if (made === 'absent') throw failures.permissionMissing(CREATE, `commit ${sha} is not to be seen`);
    },
  };
}
