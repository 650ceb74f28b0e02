import type { Mistake } from '@tenant-delivery/action-kit/document';
import { samePerson } from '@tenant-delivery/findings/answered-for';
import type { EffectiveRules } from '@tenant-delivery/findings/effective-policy';

/** A service's configuration, as far as somebody answers for something in it. */
interface Answered {
  readonly scanRules?: EffectiveRules | undefined;
}

/**
 * Waivers and allowances that are new or changed and name the author of the change as their approver: nobody waives by a
 * word of their own.
 */
export function ownWaivers(
  before: Answered | undefined,
  after: Answered,
  author: string,
): readonly Mistake[] {
  const known = new Set(answersIn(before).map(({ value }) => JSON.stringify(value)));
  return answersIn(after).flatMap(({ path, value }) =>
    !known.has(JSON.stringify(value)) && samePerson(value.approvedBy, author)
      ? [
          {
            path: `scan.${path}.approvedBy`,
            problem: `is ${value.approvedBy}, who wrote this pull request; somebody else must approve`,
          },
        ]
      : [],
  );
}

function answersIn(service: Answered | undefined) {
  const { waivers = [], unscannable } = service?.scanRules ?? {};
  return [
    ...waivers.map(({ value }, index) => ({ path: `waivers.${index}`, value })),
    ...(unscannable?.allowance ? [{ path: 'unscannable', value: unscannable.allowance.value }] : []),
  ];
}
