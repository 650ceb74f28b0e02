import { DAY } from '@tenant-delivery/domain';
import { openGeneration } from '@tenant-delivery/rotation/change-window';
import { refusals } from '@tenant-delivery/rotation/distribution/refusals';
import { cadencesOf } from '@tenant-delivery/rotation/distribution/sight';
import type { Reason } from '@tenant-delivery/rotation/plan';
import { policyMistakes } from '@tenant-delivery/rotation/policy';
import type { Opened } from './facts.ts';
import type { ObservedDeployKey, Snapshot } from './observe.ts';
import type { GithubDeployKeyPolicy } from './policy.ts';
import { hold, reason } from './reasons.ts';
import { factsOf, type GithubDeployKeyMove, titlePrefix } from './sight.ts';

/** Whether a rotation begins: the decision table over the keys of the repository and the one in escrow. */
export function planOpening(
  credential: string,
  seen: Snapshot,
  policy: GithubDeployKeyPolicy,
  now: number,
): GithubDeployKeyMove {
  const { keys } = seen;
  const own = {
    mistakes: policyMistakes(policy, cadencesOf(seen.consumers)),
    refused: refusedRepository(seen),
    escrow: 'The escrow secret',
  };
  const refused = refusals(seen, own);
  if (refused.length > 0 || keys === 'absent') return { kind: 'refuse', reasons: refused };
  const current = seen.escrow.kind === 'usable' ? seen.escrow.current : undefined;
  if (current && current.key === undefined)
    return hold('ROTATION_ESCROW', `Escrow's version ${current.version} holds no SSH key of this rotation.`);
  const cur = keys.find(({ fingerprint }) => fingerprint === current?.key);
  const ours = keys.filter(({ title }) => title.startsWith(titlePrefix(credential)));
  const strange = ours.filter((key) => key !== cur && key.fingerprint !== policy.adopt);
  const open = (why: Opened['reason'], old: ObservedDeployKey | null): GithubDeployKeyMove =>
    openGeneration(policy, now, {
      reason: why,
      account: seen.caller.account,
      repository: seen.repository,
      before: keys.map(({ fingerprint }) => fingerprint),
      old: old?.fingerprint ?? null,
      consumers: seen.consumers.map(({ id }) => id),
      maxAgeDays: Math.round(policy.maxAge / DAY),
    });
  if (strange.length > 0)
    return hold(
      'ROTATION_STRANGER',
      `The repository has a key under a title of ours that this rotation does not know: ${strange.map(({ fingerprint }) => fingerprint).join(', ')}.`,
      strange.map(factsOf),
    );
  if (!cur && current && !policy.bootstrap)
    return hold('ROTATION_KEY_GONE', `The key ${current.key} in escrow is no key of ${seen.repository}.`);
  if (!cur) return adopt(seen, keys, policy, open);
  if (!cur.enabled || !cur.verified)
    return hold('ROTATION_OUTAGE', `The key ${cur.fingerprint} in escrow is disabled.`, [factsOf(cur)]);
  if (policy.wish) return open(policy.wish, cur);
  const dueAt = cur.createdAt + policy.maxAge;
  return now >= dueAt ? open('due', cur) : { kind: 'rest', dueAt, facts: remarks(cur, policy) };
}

/** What an owner should know of a key that works. */
function remarks(cur: ObservedDeployKey, policy: GithubDeployKeyPolicy): readonly string[] {
  const agreed = policy.access === 'read' ? ', and the contract says that it only reads' : '';
  return [
    ...(cur.access === 'write' ? [`the key ${cur.fingerprint} may push${agreed}`] : []),
    ...(cur.lastUse === 'never' ? [`the key ${cur.fingerprint} was never used`] : []),
  ];
}

function refusedRepository({ keys, repository }: Snapshot): readonly Reason[] {
  if (keys !== 'absent') return [];
  return [reason('ROTATION_REPOSITORY', `GitHub shows the App no repository ${repository}.`)];
}

/** No key of the repository is in escrow. */
function adopt(
  seen: Snapshot,
  keys: readonly ObservedDeployKey[],
  policy: GithubDeployKeyPolicy,
  open: (why: Opened['reason'], old: ObservedDeployKey | null) => GithubDeployKeyMove,
): GithubDeployKeyMove {
  const agreed = keys.find(({ fingerprint }) => fingerprint === policy.adopt);
  if (agreed) return open('adopted', agreed);
  if (policy.bootstrap) return open('bootstrap', null);
  if (keys.length === 0)
    return {
      kind: 'refuse',
      reasons: [reason('ROTATION_NO_KEY', `${seen.repository} has no deploy key in escrow.`)],
    };
  return hold(
    'ROTATION_UNMANAGED',
    `No deploy key of ${seen.repository} is in escrow: nobody manages those that are there.`,
    keys.map(factsOf),
  );
}
