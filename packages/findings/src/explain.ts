import type { DecidedRow } from './decide-rows.ts';
import type { Waiver } from './waiver.ts';

/** Why a finding was decided this way: the rule, and each waiver that almost covered it with what the waiver lacked. */
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
