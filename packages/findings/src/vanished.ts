import type { InspectedChild } from './inspected-child.ts';

const NAMED = 5; // in the sentence; the record of the image has all

/**
 * Our build says that the files of some packages are in this child, but that no package database lists them. No scanner can
 * find what is wrong with those, so the child counts as one that no scanner understands. If its inspection is no evidence
 * for another reason, that reason stays.
 */
export function withVanished(child: InspectedChild, packages: readonly string[]): InspectedChild {
  if (packages.length === 0) return child;
  const more = packages.length > NAMED ? ` and ${packages.length - NAMED} more` : '';
  const told = `packages are in no database of the image any more, and their files still are: ${packages.slice(0, NAMED).join(', ')}${more}`;
  if (child.unproven !== undefined && !child.unscannable)
    return { ...child, vanished: packages, unproven: `${child.unproven}; ${told}` };
  const unproven = child.unproven === undefined ? told : `${child.unproven}; ${told}`;
  return { ...child, vanished: packages, unproven, unscannable: true };
}
