import type { Finding } from './finding.ts';

/** The version that mends something; the registry writes "NotAvailable" where there is none. */
export function fixOf(said: string | null | undefined): string | undefined {
  const version = said?.trim() ?? '';
  return version === '' || /^not[\s_-]?available$/i.test(version) ? undefined : version;
}

/**
 * Whether a fix may be there that no version names: the row says so, or neither the row nor the package says anything.
 * What is left out is not known, and a rule that counts what can be mended must not lose it.
 */
export function isFixUnnamed(said: string | null | undefined, available: string | null | undefined): boolean {
  if (fixOf(said) !== undefined) return false;
  return available === 'YES' || (!said?.trim() && available !== 'NO');
}

export function isMendable({ fixedIn, fixUnnamed }: Pick<Finding, 'fixedIn' | 'fixUnnamed'>): boolean {
  return fixedIn !== undefined || fixUnnamed === true;
}
