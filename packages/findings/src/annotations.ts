import { explainRow } from './explain.ts';
import { orderRows } from './order-rows.ts';
import type { Judgement } from './verdict.ts';

/** Findings that get an annotation of their own. GitHub shows ten warnings and ten errors of a step; one error is the verdict. */
const OWN = 6;

/** At most nine sentences, the most telling first; the document has the rest. */
export function annotationsOf(judgement: Judgement, document: string): readonly string[] {
  const waivers = judgement.waivers.map(({ waiver }) => waiver);
  const telling = orderRows(judgement.rows).filter(({ effect }) => effect === 'block' || effect === 'warn');
  const own = telling.slice(0, OWN).map((row) => explainRow(row, waivers)[0] ?? '');
  const more = telling.length - own.length;
  const idle = (state: Judgement['waivers'][number]['state'], what: string) => {
    const names = judgement.waivers.filter((use) => use.state === state).map(({ waiver }) => waiver.id);
    return names.length > 0 ? [`${what}: ${shortList(names)}`] : [];
  };
  return [
    ...own,
    ...(more > 0 ? [`${more} more findings that block or warn are in ${document}`] : []),
    ...idle('expired', 'Waivers that have expired; renew or remove them'),
    ...idle('expiring', 'Waivers that expire within two weeks'),
  ];
}

const NAMED = 5;

function shortList(names: readonly string[]): string {
  const more = names.length - NAMED;
  return more > 0 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ');
}
