import type { AgreedCredential } from './credential-kind.ts';

/** Until when a freeze holds; freezes that follow one another are one. */
export function frozenUntil(
  { freezes = [] }: Pick<AgreedCredential, 'freezes'>,
  now: number,
): number | undefined {
  let until: number | undefined;
  for (const { from, to } of freezes.toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from)))
    if (Date.parse(from) <= (until ?? now) && Date.parse(to) > (until ?? now)) until = Date.parse(to);
  return until;
}
