import { DAY } from '@tenant-delivery/domain';
import { openGeneration } from '@tenant-delivery/rotation/change-window';
import { refusals } from '@tenant-delivery/rotation/distribution/refusals';
import { cadencesOf } from '@tenant-delivery/rotation/distribution/sight';
import type { Opened } from './facts.ts';
import type { Snapshot } from './observe.ts';
import { brought, type GithubAppKeyMove } from './plan-staged.ts';
import { type GithubAppKeyPolicy, githubAppKeyMistakes } from './policy.ts';
import { hold, reason } from './reasons.ts';

/** Whether a rotation begins: somebody brought a key, or it is time to ask for one. */
export function planOpening(seen: Snapshot, policy: GithubAppKeyPolicy, now: number): GithubAppKeyMove {
  const own = {
    mistakes: githubAppKeyMistakes(policy, cadencesOf(seen.consumers)),
    refused: [],
    escrow: seen.secret,
  };
  const refused = refusals(seen, own);
  const { escrow, app } = seen;
  if (refused.length > 0 || escrow.kind !== 'usable') return { kind: 'refuse', reasons: refused };
  const { current } = escrow;
  if (!current)
    return {
      kind: 'refuse',
      reasons: [reason('ROTATION_NO_KEY', `${seen.secret} holds no private key of the App ${app} yet.`)],
    };
  const { held, version, createdAt } = current;
  if (!held) return hold('ROTATION_ESCROW', `What ${seen.secret} has as current is no RSA key in PEM.`);
  const staged = brought(escrow, version);
  const open = (why: Opened['reason']): GithubAppKeyMove =>
    openGeneration(policy, now, {
      reason: why,
      account: seen.caller.account,
      app: String(app),
      old: held.key,
      oldVersion: version,
      consumers: seen.consumers.map(({ id }) => id),
      maxAgeDays: Math.round(policy.maxAge / DAY),
    });
  if (held.of === 'rejected')
    return staged
      ? open('gone')
      : hold('ROTATION_KEY_GONE', `GitHub does not know the key ${held.key} in escrow any more.`);
  if (held.of !== app)
    return hold('ROTATION_ESCROW', `The key in ${seen.secret} is of the App ${held.of}, not of ${app}.`);
  if (policy.wish) return open(policy.wish);
  const dueAt = createdAt + policy.maxAge;
  if (now >= dueAt) return open('due');
  return staged ? open('staged') : { kind: 'rest', dueAt };
}
