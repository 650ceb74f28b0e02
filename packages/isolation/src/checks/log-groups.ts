import type { Verdict } from '../check.ts';
import type { Seen } from '../observed.ts';
import { combined, fail, pass, seen } from '../verdict.ts';

export interface ObservedLogGroups {
  readonly region: string;
  readonly groups: readonly {
    readonly container: string;
    readonly group: string;
    /** `awslogs-region`; `undefined`: the task's own. */
    readonly region: string | undefined;
    /** `awslogs-create-group` is `true`. */
    readonly creates: boolean;
    readonly exists: Seen<boolean>;
  }[];
}

export function judgeLogGroups({ region, groups }: ObservedLogGroups): Verdict {
  const each = groups.map(({ container, group, creates, exists, ...log }) => {
    if ((log.region ?? region) !== region) {
      return fail(
        `${container} writes to ${group} in ${log.region}`,
        `Set awslogs-region to ${region}: the logs of a service stay in its region.`,
      );
    }
    return seen(exists, (there) => {
      if (there) return pass(`${group} is there`);
      return creates
        ? pass(`${group} is made when the first task starts (awslogs-create-group)`)
        : fail(
            `${container}: there is no log group ${group}`,
            'Create the log group, or correct awslogs-group in the task definition: no task starts without it.',
          );
    });
  });
  return combined(each, 'no container writes to CloudWatch Logs');
}
