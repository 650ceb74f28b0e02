import { wait } from '@tenant-delivery/rotation/steps-taken';
import { iso } from '@tenant-delivery/rotation/times';
import { LOOK_AGAIN, SETTLE } from './policy.ts';
import type { ObservedTask } from './ports.ts';
import { roundOf } from './progress.ts';
import { hold } from './reasons.ts';
import type { SecretsManagerMove, Sight } from './sight.ts';
import { type Brought, holds } from './snapshot.ts';

const SHOWN = 10;

/** No task of the cluster has another version, whether a service runs it or somebody runs it alone. */
export function drain(sight: Sight, brought: Brought): SecretsManagerMove | undefined {
  const { seen, progress, policy, now } = sight;
  const left = seen.tasks.filter((task) => !holds(task, brought));
  if (left.length === 0) return undefined;
  const since = Math.max(0, ...[...roundOf(progress).attested.values()].map(({ at }) => at));
  const facts = tasksInWords(left);
  if (now >= since + policy.drainDeadline)
    return hold('ROTATION_TASKS_LEFT', 'Tasks still have another value.', facts);
  const soon = left.every(({ running }) => !running);
  return wait(now + (soon ? LOOK_AGAIN : 15 * SETTLE), `tasks still have another value: ${facts.join('; ')}`);
}

/** Names a few tasks by the ids that people search for. */
export function tasksInWords(tasks: readonly ObservedTask[]): readonly string[] {
  return tasks
    .slice(0, SHOWN)
    .map(
      ({ id, service, taskDefinition, createdAt, healthy }) =>
        `task ${id} of ${service ?? 'no service'} runs ${taskDefinition} since ${iso(createdAt)}${healthy ? '' : ', not healthy'}`,
    );
}
