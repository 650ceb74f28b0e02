import type { SucceededRuns } from '@tenant-delivery/delivery/github-ports';
import * as v from 'valibot';
import { confirmed } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { parametersOf } from '../session/repository.ts';

const runsAnswer = v.object({ workflow_runs: v.array(v.object({ id: v.number(), head_sha: v.string() })) });

/** Needs `actions: read`. */
export function succeededRuns({ rest: { actions } }: GithubClient): SucceededRuns {
  return {
    async newest(repository, { workflow, branch, event }) {
      const where = { ...parametersOf(repository), workflow_id: workflow, branch, event };
      const answer = await actions.listWorkflowRuns({ ...where, status: 'success', per_page: 1 });
      const [run] = confirmed(runsAnswer, answer).workflow_runs;
      return run && { id: String(run.id), sha: run.head_sha };
    },
  };
}
