import { openGeneration } from '@tenant-delivery/rotation/change-window';
import { days, iso } from '@tenant-delivery/rotation/times';
import { type PullThroughPolicy, pullThroughMistakes } from './policy.ts';
import { hold, reason } from './reasons.ts';
import type { PullThroughMove } from './sight.ts';
import type { Snapshot } from './snapshot.ts';

/** Whether a rotation begins: when its owner has staged another credential. */
export function planOpening(seen: Snapshot, policy: PullThroughPolicy, now: number): PullThroughMove {
  const refused = refusals(seen, policy);
  const { secret, caller, rules } = seen;
  if (refused.length > 0 || secret.kind !== 'usable' || !secret.current)
    return { kind: 'refuse', reasons: refused };
  const { current, staged } = secret;
  const dueAt = current.createdAt + policy.maxAge;
  if (!staged) {
    if (policy.wish === undefined && now < dueAt) return { kind: 'rest', dueAt };
    return hold(
      'ROTATION_VALUE_AWAITED',
      `The credential of ${policy.prefix} is to be replaced, and no other one is staged.`,
      [
        `credential ${current.fingerprint} was made ${iso(current.createdAt)}, and may be ${days(policy.maxAge)} old`,
      ],
    );
  }
  const urgent = policy.wish === 'compromise';
  return openGeneration(policy, now, {
    reason: urgent ? 'compromise' : 'staged',
    account: caller.account,
    secret: policy.secret,
    old: current.id,
    staged: staged.id,
    rules: rules.map(({ prefix }) => prefix),
  });
}

/** Every reason for which nothing may begin, all at once. */
function refusals({ secret, rules }: Snapshot, policy: PullThroughPolicy) {
  const says = pullThroughMistakes(policy).map((mistake) => reason('ROTATION_POLICY', mistake));
  if (secret.kind === 'absent')
    says.push(reason('ROTATION_ESCROW', `The secret ${policy.secret} does not exist.`));
  if (secret.kind === 'unusable')
    says.push(reason('ROTATION_ESCROW', `The secret ${policy.secret} ${secret.why}.`));
  if (secret.kind !== 'usable') return says;
  if (!secret.current) says.push(reason('ROTATION_ESCROW', `The secret ${policy.secret} has no value.`));
  if (!rules.some(({ prefix }) => prefix === policy.prefix))
    says.push(
      reason('ROTATION_CACHE_RULE', `ECR has no rule ${policy.prefix} that signs in with ${policy.secret}.`),
    );
  return says;
}
