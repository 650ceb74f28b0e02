import type { Verdict } from '../check.ts';
import type { Seen } from '../observed.ts';
import { combined, fail, pass, seen, warn } from '../verdict.ts';

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

/** Logs stay in the region under a contract; ECS writes them to any. */
export function judgeLogGroups({ region, groups }: ObservedLogGroups, contracted: boolean): Verdict {
  const each = groups.map(({ container, group, creates, exists, ...log }) => {
    if ((log.region ?? region) !== region) {
      return contracted
        ? fail(
            `${container} writes to ${group} in ${log.region}`,
            `Set awslogs-region to ${region}: the logs of a service stay in its region.`,
          )
        : warn(
            `${container} writes to ${group} in ${log.region}, which was not looked at`,
            `Make sure that the log group is there, or set awslogs-region to ${region}.`,
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
