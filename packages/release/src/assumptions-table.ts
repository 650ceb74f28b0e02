import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Assumption } from '@tenant-delivery/domain';

/** Where a comment may say `assumes ID`. */
const SOURCES = ['{packages,local,actions}/*/src/**/*.ts', '.github/workflows/*.yml'];

/** Sources are not part of a release, so a page that is links to them on GitHub. */
const BLOB = 'https://github.com/OWNER/tenant-delivery/blob/main';

/** The files that rest on each assumption, by its id, also ids that nobody has described. */
export function restingFiles(root: string): ReadonlyMap<string, readonly string[]> {
  const files = globSync(SOURCES, { cwd: root, exclude: (path) => String(path).endsWith('node_modules') });
  const found = new Map<string, string[]>();
  for (const file of files.sort()) {
    const text = readFileSync(join(root, file), 'utf8').replaceAll(/\n\s*(?:\*|\/\/|#)/g, ' ');
    for (const [, id = ''] of text.matchAll(/\bassumes\s+([a-z][a-z0-9]*(?:-[a-z0-9]+)+)/gi))
      found.set(id, [...(found.get(id) ?? []), file]);
  }
  return found;
}

const WORST_FIRST = ['open', 'closed', 'harmless'] as const;

/** One row each, those that fail open first, and last those that do no harm. */
export function assumptionRows(
  assumptions: readonly Assumption[],
  resting: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const rank = ({ ifWrong }: Assumption) => WORST_FIRST.indexOf(ifWrong.fails);
  return assumptions
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ id, of, says, page, ifWrong, seenBy, alsoIn = [] }) => [
      `\`${id}\``,
      of,
      says,
      page,
      `**${ifWrong.fails}.** ${ifWrong.effect}`,
      'canary' in seenBy
        ? `**canary.** ${seenBy.canary}`
        : `**person.** ${seenBy.person} No canary: ${seenBy.notByCanary.replace(/^./, (first) => first.toLowerCase())}`,
      [...(resting.get(id) ?? []), ...alsoIn]
        .map((file) => `[${file.split('/').at(-1)}](${BLOB}/${file})`)
        .join(', '),
    ]);
}
