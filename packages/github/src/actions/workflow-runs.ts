import type { WorkflowRuns } from '@tenant-delivery/delivery/github-ports';
import * as v from 'valibot';
import { confirmed, orAbsent } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { account, person } from '../session/person.ts';
import { parametersOf } from '../session/repository.ts';

const runAnswer = v.object({ status: v.string(), run_attempt: v.number() });

const startersAnswer = v.object({ actor: account, triggering_actor: account });

const approvalsAnswer = v.array(
  v.object({
    state: v.picklist(['approved', 'rejected', 'pending']),
    user: person,
    comment: v.nullish(v.string(), ''),
    environments: v.array(v.object({ name: v.string() })),
  }),
);

/** Needs `actions: read`. */
export function workflowRuns({ rest: { actions } }: GithubClient): WorkflowRuns {
  const runOf = (repository: string, runId: string) => ({
    ...parametersOf(repository),
    run_id: Number(runId),
  });
  return {
    async startersOf(repository, runId, attempt) {
      const where = { ...runOf(repository, runId), attempt_number: attempt };
      const answer = confirmed(startersAnswer, await actions.getWorkflowRunAttempt(where));
      return { actor: answer.actor, triggeringActor: answer.triggering_actor };
    },
    async approvalsOf(repository, runId) {
      const answer = confirmed(approvalsAnswer, await actions.getReviewsForRun(runOf(repository, runId)));
      return answer.flatMap(({ state, user, comment, environments }) =>
        state === 'pending'
          ? []
          : [{ state, by: user, comment, environments: environments.map(({ name }) => name) }],
      );
    },
    async stateOf(repository, runId) {
      const answer = await orAbsent(actions.getWorkflowRun(runOf(repository, runId)));
      if (answer === 'absent') return 'absent';
      const { status, run_attempt: attempt } = confirmed(runAnswer, answer);
      return { kind: status === 'completed' ? 'over' : 'alive', attempt };
    },
  };
}
