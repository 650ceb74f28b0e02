import type { Part } from '@tenant-delivery/domain';
import { type Stack, stacksOf } from '../stacks/stacks-of.ts';
import type { AgreedEnvironment } from './agreed-environment.ts';
import { judged, type Verdict } from './line.ts';
import type { Sight } from './ports.ts';

/** Makes a thing that no command alone makes as agreed. */
export const APPLY = 'Make it with provision.yml, or with the tool that made the others';

/** Has a stack make its things again. Made by hand, a thing would be in the way of the next change of its stack. */
export function madeAgain({ contract, name, environment }: AgreedEnvironment, part: Part): string {
  return `gh workflow run provision.yml -f tenant=${contract.id} -f environment=${name} -f account=${contract.account} -f region=${environment.region} -f part=${part}`;
}

/** What makes a stack again: its part, or the administrator, whose stacks no workflow changes. */
export function stackAgain(place: AgreedEnvironment, { name, part }: Pick<Stack, 'name' | 'part'>): string {
  return part === 'administrator'
    ? `Apply ${name} again, as docs/onboarding.md step 8 says`
    : madeAgain(place, part);
}

/** The verdict on a role, with what mends it in an environment that is made by stacks. */
export async function mendedByStack(
  place: AgreedEnvironment,
  sight: Sight,
  role: string,
  asked: Promise<Verdict>,
): Promise<Verdict> {
  const verdict = await asked;
  if (verdict.result !== 'wrong') return verdict;
  const { contract, name, environment, rendered } = place;
  const stack = stacksOf(contract, name, rendered).find(({ template }) =>
    Object.values(template.Resources).some(({ Properties }) => Properties?.['RoleName'] === role),
  );
  if (stack === undefined) return verdict;
  const again = { ...verdict, mend: stackAgain(place, stack) };
  if (environment.network !== undefined) return again;
  const foundation = `td-${contract.id}-${name}-foundation`;
  const seen = await judged(sight.account.stack(foundation, environment.region), (status) =>
    status === undefined || status === 'REVIEW_IN_PROGRESS' ? verdict : again,
  );
  if (seen.result !== 'unknown') return seen;
  return { ...verdict, mend: `If ${stack.name} is there: ${again.mend}; if not: ${verdict.mend}` };
}
