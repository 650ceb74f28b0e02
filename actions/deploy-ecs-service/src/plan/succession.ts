import type { Outcome } from '@tenant-delivery/action-kit/main';
import { code, escapeMarkdown } from '@tenant-delivery/action-kit/markdown';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import type { Place } from '@tenant-delivery/delivery/take-place';
import type { Plan } from '@tenant-delivery/deployment/plan/plan';

/** What a plan says of the changes that wait or deploy beside it. */
export function sayPlace({ withdrawn, deploying }: Extract<Place, { kind: 'newest' }>): readonly string[] {
  return [
    ...(withdrawn.length > 0
      ? [
          `It took the place of ${withdrawn.join(', ')}: nobody has to approve ${withdrawn.length === 1 ? 'that' : 'those'} any more.`,
        ]
      : []),
    ...(deploying === undefined
      ? []
      : [
          `${deploying} deploys now. If it changes the service after this plan was made, this plan is refused when it is deployed; a new run plans again.`,
        ]),
  ];
}

/** A planned change that is put before nobody. Nothing is wrong with it, so its run ends well. */
export function reportSuperseded({ id }: ChangeHandle, { target, image }: Plan, note: string): Outcome {
  return {
    outcome: 'superseded',
    reasonCode: 'CHANGE_SUPERSEDED',
    ok: true,
    headline: `${id} is not delivered any more: ${note}`,
    facts: { change: id, needsApproval: false, image },
    summary: [
      `### Superseded: ${code(target.service)} of ${code(`${target.tenant}/${target.environment}`)}`,
      `${code(id)} is not delivered any more: ${escapeMarkdown(note)}`,
    ].join('\n\n'),
  };
}
