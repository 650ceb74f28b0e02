import { nearest } from '@tenant-delivery/domain';
import { CHECKS } from './checks.ts';
import type { Waiver } from './judge.ts';

/** Checks that may be waived: under a contract those that warn; without one any, because what is not seen warns there. */
export function waivable(contracted: boolean): readonly string[] {
  return CHECKS.filter(({ severity }) => !contracted || severity === 'warn').map(({ id }) => id);
}

/** Waivers as a person gives them, a line each, `id: reason`; or every mistake in them, with what to do. */
export function readWaivers(
  lines: readonly string[],
  contracted: boolean,
): { readonly waivers: readonly Waiver[] } | { readonly problem: string; readonly fix: string } {
  const read = lines.map((line) => {
    const [, id = '', reason = ''] = /^([^:]*?)\s*(?::\s*(.*))?$/.exec(line) ?? [];
    return { id, reason, problem: problemOf(id, reason, waivable(contracted)) };
  });
  const problems = read.flatMap(({ problem }) => problem ?? []);
  return problems.length > 0
    ? {
        problem: problems.join(', '),
        fix: `write \`id: why it may be accepted now\`, a line each, for ${waivable(contracted).join(', ')}`,
      }
    : { waivers: read.map(({ id, reason }) => ({ id, reason })) };
}

function problemOf(id: string, reason: string, waivable: readonly string[]): string | undefined {
  const check = CHECKS.find((each) => each.id === id);
  if (!check) {
    const near = nearest(id, waivable);
    return `names no check ${JSON.stringify(id.slice(0, 80))}${near ? ` (did you mean ${near}?)` : ''}`;
  }
  if (!waivable.includes(id)) return `names ${id}, which stops a deploy and cannot be waived`;
  return reason === '' ? `gives no reason for ${id}` : undefined;
}
