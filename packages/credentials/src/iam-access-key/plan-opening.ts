import { DAY } from '@tenant-delivery/domain';
import { openGeneration } from '@tenant-delivery/rotation/change-window';
import { refusals } from '@tenant-delivery/rotation/distribution/refusals';
import { cadencesOf } from '@tenant-delivery/rotation/distribution/sight';
import type { Reason } from '@tenant-delivery/rotation/plan';
import { policyMistakes } from '@tenant-delivery/rotation/policy';
import { days } from '@tenant-delivery/rotation/times';
import type { Opened } from './facts.ts';
import { mayBeDeleted } from './plan-creation.ts';
import type { IamAccessKeyPolicy } from './policy.ts';
import { hold, reason } from './reasons.ts';
import { factsOf, type IamAccessKeyMove } from './sight.ts';
import type { ObservedKey, Snapshot } from './snapshot.ts';

/** Whether a rotation begins: the decision table over the keys that are there and the one in escrow. */
export function planOpening(seen: Snapshot, policy: IamAccessKeyPolicy, now: number): IamAccessKeyMove {
  const own = {
    mistakes: policyMistakes(policy, cadencesOf(seen.consumers)),
    refused: refusedUser(seen),
    escrow: 'The escrow secret',
  };
  const refused = refusals(seen, own);
  if (refused.length > 0) return { kind: 'refuse', reasons: refused };
  const { keys } = seen;
  const current = seen.escrow.kind === 'usable' ? seen.escrow.current : undefined;
  if (current && current.key === undefined)
    return hold('ROTATION_ESCROW', `Escrow's version ${current.version} holds no key pair.`);
  const cur = keys.find(({ fingerprint }) => fingerprint === current?.key);
  const others = keys.filter((key) => key !== cur);
  const facts = keys.flatMap((key) => factsOf(seen, key));

  if (keys.length === 0) {
    if (policy.bootstrap) return open(seen, policy, now, 'bootstrap', null);
    return { kind: 'refuse', reasons: [reason('ROTATION_NO_KEY', 'The user has no access key.')] };
  }
  if (keys.every(({ status }) => status === 'Inactive') && (keys.length > 1 || cur))
    return hold('ROTATION_OUTAGE', 'Every key of the user is Inactive.', facts);
  if (!cur && current) return hold('ROTATION_KEY_GONE', 'The key in escrow is no key of the user.', facts);
  if (!cur) return adopt(seen, policy, now, facts);
  const [other] = others;
  if (other) return stranger(policy, now, other, facts);
  const dueAt = cur.createdAt + policy.maxAge;
  if (policy.wish) return open(seen, policy, now, policy.wish, cur);
  return now >= dueAt ? open(seen, policy, now, 'due', cur) : { kind: 'rest', dueAt };
}

function refusedUser({ user, caller }: Snapshot): readonly Reason[] {
  if (!user) return [reason('ROTATION_USER', `IAM knows no such user in account ${caller.account}.`)];
  if (user.arn !== caller.arn) return [];
  return [reason('ROTATION_SELF', `This run acts as ${user.arn}, whose key it would rotate.`)];
}

function adopt(
  seen: Snapshot,
  policy: IamAccessKeyPolicy,
  now: number,
  facts: readonly string[],
): IamAccessKeyMove {
  const [only, second] = seen.keys;
  if (!only || second)
    return hold('ROTATION_STRANGER', 'The user has two keys, and neither is in escrow.', facts);
  if (policy.adopt === only.fingerprint) return open(seen, policy, now, 'adopted', only);
  return hold(
    'ROTATION_UNMANAGED',
    `The key ${only.fingerprint} is not in escrow: nobody manages it.`,
    facts,
  );
}

function stranger(
  policy: IamAccessKeyPolicy,
  now: number,
  other: ObservedKey,
  facts: readonly string[],
): IamAccessKeyMove {
  const agreed = policy.resolve === other.fingerprint;
  if (agreed && mayBeDeleted(other, policy.maxAge, now))
    return { kind: 'act', step: { do: 'delete-orphan', key: other.fingerprint } };
  const later = agreed
    ? [`it may be deleted once it was Inactive and unused for ${days(policy.maxAge)}`]
    : [];
  return hold('ROTATION_STRANGER', `The user has a second key, ${other.fingerprint}, that is not ours.`, [
    ...facts,
    ...later,
  ]);
}

function open(
  seen: Snapshot,
  policy: IamAccessKeyPolicy,
  now: number,
  why: Opened['reason'],
  old: ObservedKey | null,
): IamAccessKeyMove {
  return openGeneration(policy, now, {
    reason: why,
    account: seen.caller.account,
    user: seen.user?.arn ?? '',
    before: seen.keys.map(({ fingerprint }) => fingerprint),
    old: old?.fingerprint ?? null,
    consumers: seen.consumers.map(({ id }) => id),
    maxAgeDays: Math.round(policy.maxAge / DAY),
  });
}
