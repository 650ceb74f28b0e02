import type { Outcome } from '@tenant-delivery/action-kit/main';
import { code, escapeMarkdown, folded, table } from '@tenant-delivery/action-kit/markdown';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import type { PromotionSource } from '@tenant-delivery/delivery/promotion-source';
import type { RollbackTarget } from '@tenant-delivery/delivery/rollback-target';
import { formatImage } from '@tenant-delivery/domain';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import type { ResolvedService } from '@tenant-delivery/tenancy/resolve';
import { valuesOf } from './manifest-changes.ts';

export interface Proposed {
  readonly change: Pick<ChangeHandle, 'id' | 'kind' | 'facts'>;
  readonly admission: Admission;
  readonly resolved: ResolvedService;
  /** Older changes that were recorded as abandoned. */
  readonly abandoned: readonly string[];
  readonly target?: RollbackTarget;
  /** Where the version comes from. */
  readonly source?: PromotionSource;
}

export function reportProposal({
  change,
  admission,
  resolved,
  abandoned,
  target,
  source,
}: Proposed): Outcome {
  const { tenant, environment, service } = admission.target;
  const place = `${service} in ${environment} of ${tenant}`;
  const what = target
    ? `to take ${place} back to ${target.change}`
    : source
      ? `to bring ${source.change} of ${source.environment} to ${place}${change.kind === 'exercise' ? ', as an exercise' : ''}`
      : `to deliver ${place}`;
  const facts = [
    ['change', code(change.id)],
    ['kind', change.kind],
    ['contract', `serial ${admission.contract.serial}, until ${admission.contract.expires}`],
    ...(target ? [['back to', `${code(target.change)}, ${code(formatImage(target.image))}`]] : []),
    ...(source
      ? [
          [
            'brings',
            `${code(source.change)} of ${code(source.environment)} (${code(source.region)}), ${code(formatImage(source.image))}`,
          ],
          ['built from', `${code(source.origin.revision)} of ${code(source.origin.repository)}`],
        ]
      : []),
    ...(change.facts.revertOf ? [['undoes', code(change.facts.revertOf)]] : []),
    ...(change.facts.reason ? [['reason', escapeMarkdown(change.facts.reason)]] : []),
    ...(change.facts.externalRef ? [['reference', escapeMarkdown(change.facts.externalRef)]] : []),
    ...(abandoned.length > 0 ? [['recorded as abandoned', abandoned.map(code).join(', ')]] : []),
  ];
  const values = [...valuesOf(resolved)].map(([path, { value, from }]) => [code(path), code(value), from]);
  return {
    outcome: 'proposed',
    reasonCode: 'OK',
    ok: true,
    headline: `${change.id} proposes ${what}.`,
    facts: { change: change.id, kind: change.kind, contractSerial: admission.contract.serial, abandoned },
    summary: folded(
      'Change proposed',
      `${what}, as ${change.id}`,
      table(['what', 'value'], facts),
      'Configuration under the contract:',
      table(['setting', 'is', 'set by'], values),
    ),
  };
}
