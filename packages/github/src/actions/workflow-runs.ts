import type { WorkflowRuns } from '@tenant-delivery/delivery/github-ports';
import * as v from 'valibot';
import { failures } from '../failures.ts';
import type { Ask } from '../session/ask.ts';
import { account, person } from '../session/person.ts';
import { parametersOf } from '../session/repository.ts';

const RUN = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}';
const APPROVALS = `${RUN}/approvals`;
const ATTEMPT = `${RUN}/attempts/{attempt_number}`;

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
export function workflowRuns(ask: Ask): WorkflowRuns {
  return {
    async startersOf(repository, runId, attempt) {
      const where = { ...parametersOf(repository), run_id: runId, attempt_number: attempt };
      const answer = await ask(ATTEMPT, where, startersAnswer);
      if (answer === 'absent') throw failures.permissionMissing(ATTEMPT, `run ${runId} is not to be seen`);
      return { actor: answer.actor, triggeringActor: answer.triggering_actor };
    },
    async approvalsOf(repository, runId) {
      const where = { ...parametersOf(repository), run_id: runId };
      const answer = await ask(APPROVALS, where, approvalsAnswer);
      if (answer === 'absent') throw failures.permissionMissing(APPROVALS, `run ${runId} is not to be seen`);
      return answer.flatMap(({ state, user, comment, environments }) =>
        state === 'pending'
          ? []
          : [{ state, by: user, comment, environments: environments.map(({ name }) => name) }],
      );
    },
    async stateOf(repository, runId) {
      const answer = await ask(RUN, { ...parametersOf(repository), run_id: runId }, runAnswer);
      if (answer === 'absent') return 'absent';
      return { kind: answer.status === 'completed' ? 'over' : 'alive', attempt: answer.run_attempt };
    },
  };
}
