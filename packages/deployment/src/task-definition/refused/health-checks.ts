import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { JsonObject } from '../../json.ts';
import type { TaskDefinitionDocument } from '../../observed.ts';
import { numberOf, objectIn, onFargate, type Placed, placedContainers } from './reading.ts';

/** By member: least and most, in seconds or as a count. */
const CHECKS = { interval: [5, 300], timeout: [2, 60], retries: [1, 10], startPeriod: [0, 300] } as const;
const MOST_CODES = 50;

/** Checks of containers, and how long they are waited for. Assumes ecs-check-command-is-free. */
export function healthCheckMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  const longest = onFargate(document) ? 120 : Number.POSITIVE_INFINITY;
  return placedContainers(document).flatMap((placed) => [
    ...checkMistakes(placed),
    ...between(placed.container, placed.path, 'startTimeout', [2, longest]),
    ...between(placed.container, placed.path, 'stopTimeout', [2, longest]),
    ...restartMistakes(placed),
  ]);
}

function checkMistakes({ path: at, container }: Placed): readonly Mistake[] {
  const check = objectIn(container['healthCheck']);
  if (!check) return [];
  const path = `${at}.healthCheck`;
  const command = check['command'];
  return [
    ...(Array.isArray(command) && command.length > 0
      ? []
      : [{ path: `${path}.command`, problem: 'is missing; write a list that begins with CMD or CMD-SHELL' }]),
    ...Object.entries(CHECKS).flatMap(([member, bounds]) => between(check, path, member, bounds)),
  ];
}

function restartMistakes({ path: at, container }: Placed): readonly Mistake[] {
  const policy = objectIn(container['restartPolicy']);
  if (!policy) return [];
  const codes = policy['ignoredExitCodes'];
  return [
    ...between(policy, `${at}.restartPolicy`, 'restartAttemptPeriod', [60, 1_800]),
    ...(Array.isArray(codes) && codes.length > MOST_CODES
      ? [
          {
            path: `${at}.restartPolicy.ignoredExitCodes`,
            problem: `are ${codes.length}; ECS takes ${MOST_CODES}`,
          },
        ]
      : []),
  ];
}

function between(
  object: JsonObject,
  at: string,
  member: string,
  [least, most]: readonly [number, number],
): readonly Mistake[] {
  const value = numberOf(object[member]);
  if (value === undefined || (value >= least && value <= most)) return [];
  const upTo = Number.isFinite(most) ? `between ${least} and ${most}` : `at least ${least}`;
  return [{ path: `${at}.${member}`, problem: `is ${value}; it must be ${upTo}` }];
}
