import type { DecidedRow } from './decide-rows.ts';
import type { Waiver } from './waiver.ts';

/** Why a finding ended as it did: the rule that decided, and each waiver that nearly covered it with what it lacked. */
export function explainRow(row: DecidedRow, waivers: readonly Waiver[]): readonly string[] {
  const { finding, effect, rule, why, nearly } = row;
  const mend =
    finding.fixedIn === undefined
      ? finding.fixUnnamed === 'said'
        ? 'a fix that no version names'
        : 'no fixed version known'
      : `fixed in ${finding.fixedIn}`;
  return [
    `${finding.vulnerability} in ${finding.package} ${finding.version} (${finding.severity}, ${mend}): ${SAID[effect]} by ${rule}, ${why}`,
    ...nearly.map((near) => {
      const waiver = waivers[near.waiver];
      const of = waiver ? ` for ${waiver.package}, owned by ${waiver.owner}` : '';
      return `  a waiver${of} does not cover it: ${near.why.join('; ')}`;
    }),
  ];
}

const SAID: Readonly<Record<DecidedRow['effect'], string>> = {
  block: 'blocked',
  warn: 'warned of',
  report: 'reported',
  waived: 'waived',
};
