import type { Reason } from '@tenant-delivery/rotation/plan';
import type { Validated } from './facts.ts';
import type { PullThroughWorld } from './observe.ts';
import { reason } from './reasons.ts';

const LONGEST = 300; // characters of what ECR says

/** ECR signs in with the current version for every rule that uses it. One rule that fails is enough to fail the proof. */
export async function validateRules(
  { rules, secret }: PullThroughWorld,
  version: string,
): Promise<{ readonly note: Validated } | { readonly failed: Reason }> {
  const [all, held] = await Promise.all([rules.list(), secret.describe()]);
  const using = held.kind === 'usable' ? all.filter(({ credential }) => credential === held.arn) : [];
  if (using.length === 0)
    return { failed: reason('ROTATION_CACHE_RULE', 'No rule signs in with this secret any more.') };
  for (const { prefix } of using) {
    const answer = await rules.validate(prefix);
    if (!answer.valid)
      return {
        note: {
          kind: 'validated',
          version,
          valid: false,
          said: `${prefix}: ${answer.failure}`.slice(0, LONGEST),
        },
      };
  }
  const said = using.map(({ prefix }) => prefix).join(', ');
  return { note: { kind: 'validated', version, valid: true, said } };
}
