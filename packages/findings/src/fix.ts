import type { Finding } from './finding.ts';

/** The version that mends something; the registry writes "NotAvailable" where there is none. */
export function fixOf(said: string | null | undefined): string | undefined {
  const version = said?.trim() ?? '';
  return version === '' || /^not[\s_-]?available$/i.test(version) ? undefined : version;
}

/**
 * What is known of a fix if no version is named: `said`, there is one; `untold`, the registry says nothing. Undefined if it
 * says that there is none, or names the version. If it says that some packages of a row have a fix, a package without a word
 * counts as one of them.
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
