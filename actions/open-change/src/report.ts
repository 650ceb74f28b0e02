import type { Outcome } from '@tenant-delivery/action-kit/main';
import { code, escapeMarkdown, table } from '@tenant-delivery/action-kit/markdown';
import type { ChangeHandle } from '@tenant-delivery/delivery';
import type { RollbackTarget } from '@tenant-delivery/delivery/rollback-target';
import { formatImage } from '@tenant-delivery/domain';
import type { Admission, ResolvedService } from '@tenant-delivery/tenancy';
import { valuesOf } from './manifest-changes.ts';

export interface Proposed {
  readonly change: Pick<ChangeHandle, 'id' | 'kind' | 'facts'>;
  readonly admission: Admission;
  readonly resolved: ResolvedService;
  /** Older changes that were recorded as abandoned. */
  readonly abandoned: readonly string[];
  readonly target?: RollbackTarget;
}

export function reportProposal({ change, admission, resolved, abandoned, target }: Proposed): Outcome {
  const { tenant, environment, service } = admission.target;
  const place = `${service} in ${environment} of ${tenant}`;
  const back = target ? ` back to ${target.change}` : '';
  const facts = [
    ['change', code(change.id)],
    ['kind', change.kind],
    ['contract', `serial ${admission.contract.serial}, until ${admission.contract.expires}`],
    ...(target ? [['back to', `${code(target.change)}, ${code(formatImage(target.image))}`]] : []),
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
    headline: `${change.id} proposes ${change.kind === 'rollback' ? `to take ${place}${back}` : `to deliver ${place}`}.`,
    facts: { change: change.id, kind: change.kind, contractSerial: admission.contract.serial, abandoned },
    summary: [
      `### A change is proposed: ${place}`,
      '',
      table(['', ''], facts),
      '<details><summary>Configuration under the contract</summary>\n',
      table(['setting', 'is', 'set by'], values),
      '</details>\n',
    ].join('\n'),
  };
}
