import type { Mistake } from '@tenant-delivery/action-kit/document';
import { daysOf, samePerson } from './answered-for.ts';
import type { Unscannable, UnscannableTerms } from './unscannable.ts';
import { longestOf, sameId, type Waiver, type WaiverTerms } from './waiver.ts';

/** No source is milder or stricter than another for every finding, so there is nothing to tighten. */
export function judgeSource(floor: string, wish: string | undefined): readonly Mistake[] {
  if (wish === undefined || wish === floor) return [];
  const problem = `is ${wish}; whose severity counts is said by the floor alone, which says ${floor}`;
  return [{ path: 'scan.severityFrom', problem }];
}

export function judgeAllowance(
  terms: UnscannableTerms | undefined,
  allowance: Unscannable | undefined,
): readonly Mistake[] {
  if (!allowance) return [];
  const at = (part: string) => `scan.unscannable${part}`;
  if (!terms)
    return [{ path: at(''), problem: 'is there, but the floor allows no image that nothing can inspect' }];
  const { approvedBy } = allowance;
  return [
    ...(terms.approvers.some((name) => samePerson(name, approvedBy))
      ? []
      : [
          {
            path: at('.approvedBy'),
            problem: `is ${approvedBy}; the floor lets approve: ${terms.approvers.join(', ')}`,
          },
        ]),
    ...(daysOf(allowance) > terms.maximumDays
      ? [
          {
            path: at('.expires'),
            problem: `is ${daysOf(allowance)} days long; the floor allows at most ${terms.maximumDays}`,
          },
        ]
      : []),
  ];
}

/** What is wrong with waivers before there are findings. The rest is judged when a finding is there. */
export function judgeWaivers(terms: WaiverTerms | undefined, waivers: readonly Waiver[]): readonly Mistake[] {
  if (waivers.length === 0) return [];
  if (!terms) return [{ path: 'scan.waivers', problem: 'is there, but the floor allows no waivers' }];
  const most = longestOf(terms);
  return waivers.flatMap((waiver, index) => {
    const at = (part: string) => `scan.waivers.${index}.${part}`;
    const twin = waivers.findIndex((other) => sameScope(other, waiver));
    return [
      ...(terms.approvers.some((name) => samePerson(name, waiver.approvedBy))
        ? []
        : [
            {
              path: at('approvedBy'),
              problem: `is ${waiver.approvedBy}; the floor lets approve: ${terms.approvers.join(', ')}`,
            },
          ]),
      ...(daysOf(waiver) > most
        ? [
            {
              path: at('expires'),
              problem: `is ${daysOf(waiver)} days long; the floor allows at most ${most}`,
            },
          ]
        : []),
      ...((terms.nonWaivable ?? []).some((id) => sameId(id, waiver.id))
        ? [{ path: at('id'), problem: `is ${waiver.id}, which the floor lets nobody waive` }]
        : []),
      ...(twin < index ? [{ path: at('id'), problem: `is the same as scan.waivers.${twin}` }] : []),
    ];
  });
}

function sameScope(a: Waiver, b: Waiver): boolean {
  const scope = ({ id, package: name, repositories, paths = [] }: Waiver) =>
    JSON.stringify([id.toLowerCase(), name, repositories.toSorted(), paths.toSorted()]);
  return scope(a) === scope(b);
}
