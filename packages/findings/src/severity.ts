import { SEVERITIES, type Severity } from '@tenant-delivery/domain';
import type { Finding } from './finding.ts';

/** Words of Amazon ECR and of the vendors that it quotes, in lower case. */
const WORDS = new Map<string, Severity>([
  ['critical', 'critical'],
  ['high', 'high'],
  ['important', 'high'],
  ['medium', 'medium'],
  ['moderate', 'medium'],
  ['low', 'low'],
  ['minor', 'low'],
  ['informational', 'informational'],
  ['negligible', 'informational'],
  ['unimportant', 'informational'],
]);

/** Severity words are an open set (UNDEFINED, UNTRIAGED, …): a word that we do not know is `unknown`, never nothing. */
export function severityOf(word: string | undefined): Severity {
  return WORDS.get((word ?? '').trim().toLowerCase()) ?? 'unknown';
}

export function worst(a: Severity, b: Severity): Severity {
  return rank(a) <= rank(b) ? a : b;
}

/** Whose word decides about a severity. The registry's own is what its counts and its console show. */
export type SeveritySource = 'inspector' | 'vendor' | 'max';

/**
 * The severity that a policy judges a row by. A vendor that says nothing leaves `vendor` with `unknown`, and `max` with
 * the registry's word alone.
 */
export function severityBy(
  source: SeveritySource,
  {
    saidSeverity,
    vendorSeverity,
    unknownKind,
  }: Pick<Finding, 'saidSeverity' | 'vendorSeverity' | 'unknownKind'>,
): Severity {
  if (unknownKind !== undefined) return 'unknown';
  if (source === 'vendor') return severityOf(vendorSeverity);
  const said = severityOf(saidSeverity);
  return source === 'max' && vendorSeverity !== undefined ? worst(said, severityOf(vendorSeverity)) : said;
}

/** `unknown` may hide anything, so in a comparison it is worse than everything but critical. */
function rank(severity: Severity): number {
  return severity === 'unknown' ? 0.5 : SEVERITIES.indexOf(severity);
}
