import { agreedDays } from './agreed-days.ts';
import type { Credential, CredentialOf } from './credential.ts';
import { DEFAULT_POLICY, type IamAccessKeyPolicy } from './iam-access-key/policy.ts';

/** The times of one access key, as its rotation uses them. */
export function agreedTimes(
  terms: Pick<CredentialOf<'iam-access-key'>, 'maxAgeDays' | 'graceDays' | 'drainDays'>,
): IamAccessKeyPolicy {
  return { ...DEFAULT_POLICY, ...agreedDays(terms) };
}

/** Until when a freeze holds; freezes that follow one another are one. */
export function frozenUntil({ freezes = [] }: Pick<Credential, 'freezes'>, now: number): number | undefined {
  let until: number | undefined;
  for (const { from, to } of freezes.toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from)))
    if (Date.parse(from) <= (until ?? now) && Date.parse(to) > (until ?? now)) until = Date.parse(to);
  return until;
}
