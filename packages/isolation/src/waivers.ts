import { nearest } from '@tenant-delivery/domain';
import { CHECKS } from './checks.ts';
import type { Waiver } from './judge.ts';

/** Checks that may be waived: those that warn. */
export const WAIVABLE: readonly string[] = CHECKS.flatMap(({ id, severity }) =>
  severity === 'warn' ? [id] : [],
);

/** Waivers as a person gives them, a line each, `id: reason`; or every mistake in them, with what to do. */
export function readWaivers(
  lines: readonly string[],
): { readonly waivers: readonly Waiver[] } | { readonly problem: string; readonly fix: string } {
  const read = lines.map((line) => {
    const [, id = '', reason = ''] = /^([^:]*?)\s*(?::\s*(.*))?$/.exec(line) ?? [];
    return { id, reason, problem: problemOf(id, reason) };
  });
  const problems = read.flatMap(({ problem }) => problem ?? []);
  return problems.length > 0
    ? {
        problem: problems.join(', '),
        fix: `write \`id: why it may be accepted now\`, a line each, for ${WAIVABLE.join(', ')}`,
      }
    : { waivers: read.map(({ id, reason }) => ({ id, reason })) };
}

function problemOf(id: string, reason: string): string | undefined {
  const check = CHECKS.find((each) => each.id === id);
  if (!check) {
    const near = nearest(id, WAIVABLE);
    return `names no check ${JSON.stringify(id.slice(0, 80))}${near ? ` (did you mean ${near}?)` : ''}`;
  }
  if (check.severity === 'block') return `names ${id}, which stops a deploy and cannot be waived`;
  return reason === '' ? `gives no reason for ${id}` : undefined;
}
