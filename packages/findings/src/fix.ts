import type { Finding } from './finding.ts';

/** The version that mends something; the registry writes "NotAvailable" where there is none. */
export function fixOf(said: string | null | undefined): string | undefined {
  const version = said?.trim() ?? '';
  return version === '' || /^not[\s_-]?available$/i.test(version) ? undefined : version;
}

/**
 * What is known of a fix that no version names: `said`, that there is one; `untold`, nothing at all. Nothing where the
 * registry says that there is none, or names it. Where it says that some packages of a row are mended, a silent one is.
 */
export function unnamedFix(
  said: string | null | undefined,
  available: string | null | undefined,
): Finding['fixUnnamed'] {
  if (fixOf(said) !== undefined) return undefined;
  const silent = !said?.trim();
  if (available === 'YES' || (available === 'PARTIAL' && silent)) return 'said';
  return silent && available !== 'NO' ? 'untold' : undefined;
}

/** Whether a version may fix it. If the registry does not say, it may: a rule that counts fixable findings must not lose any. */
export function mayBeMended({ fixedIn, fixUnnamed }: Pick<Finding, 'fixedIn' | 'fixUnnamed'>): boolean {
  return fixedIn !== undefined || fixUnnamed !== undefined;
}

/** Whether a fix is known to be there. */
export function isMended({ fixedIn, fixUnnamed }: Pick<Finding, 'fixedIn' | 'fixUnnamed'>): boolean {
  return fixedIn !== undefined || fixUnnamed === 'said';
}
