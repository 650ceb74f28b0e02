import { agreedDays } from '../agreed-days.ts';
import { DEFAULT_POLICY, type IamAccessKeyPolicy } from './policy.ts';
import type { IamAccessKey } from './terms.ts';

/** The times of one access key, as its rotation uses them. */
export function agreedIamAccessKey(
  terms: Pick<IamAccessKey, 'maxAgeDays' | 'graceDays' | 'drainDays'>,
): IamAccessKeyPolicy {
  return { ...DEFAULT_POLICY, ...agreedDays(terms) };
}
