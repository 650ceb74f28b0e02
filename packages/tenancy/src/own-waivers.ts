import type { Mistake } from '@tenant-delivery/action-kit/document';
import { samePerson } from '@tenant-delivery/findings/answered-for';
import type { ResolvedService } from './resolve.ts';

/** Waivers that are new or changed and name the author of the change as their approver: nobody waives by a word of their own. */
export function ownWaivers(
  before: ResolvedService | undefined,
  after: ResolvedService,
  author: string,
): readonly Mistake[] {
  const known = new Set(before?.scanRules?.waivers?.map(({ value }) => JSON.stringify(value)));
  return (after.scanRules?.waivers ?? []).flatMap(({ value }, index) =>
    !known.has(JSON.stringify(value)) && samePerson(value.approvedBy, author)
      ? [
          {
            path: `scan.waivers.${index}.approvedBy`,
            problem: `is ${value.approvedBy}, who wrote this pull request; somebody else must approve`,
          },
        ]
      : [],
  );
}
