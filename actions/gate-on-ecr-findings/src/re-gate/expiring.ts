import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Lifecycle } from '@tenant-delivery/findings/ports';
import { type Expiry, expiryOf } from './expiry.ts';

const SOON = { days: 14, pushes: 3 };

/** A sentence for each image that a lifecycle rule takes away soon, or one that says why that is not known. */
export async function expiring(
  lifecycle: Lifecycle,
  repository: string,
  digests: readonly string[],
  now: number,
): Promise<readonly string[]> {
  const unknown = (why: string) => [
    `Whether a lifecycle rule of ${repository} soon takes away what runs is not known: ${why}`,
  ];
  try {
    const policy = digests.length > 0 ? await lifecycle.policy(repository) : undefined;
    if (policy === undefined) return [];
    const images = await lifecycle.images(repository);
    const found = digests.map((digest) => ({ digest, expiry: expiryOf(policy, images, digest, now) }));
    if (found.some(({ expiry }) => expiry === 'unreadable'))
      return unknown('the policy has a rule that this version cannot read.');
    return found.flatMap(({ digest, expiry }) =>
      expiry !== undefined && expiry !== 'unreadable' && isSoon(expiry)
        ? [
            `The lifecycle rule of ${repository} with the priority ${expiry.priority} takes away ${digest}, which runs, ${whenOf(expiry)}: no task can start from it then. Keep it by the rule, or deliver a newer version.`,
          ]
        : [],
    );
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return unknown(`${thrown.code}, ${thrown.message}`);
  }
}

function isSoon({ when }: Expiry): boolean {
  if (when === 'now') return true;
  return 'days' in when ? when.days <= SOON.days : when.pushes <= SOON.pushes;
}

function whenOf({ when }: Expiry): string {
  if (when === 'now') return 'with its next evaluation';
  if ('days' in when) return `in ${when.days} days`;
  return `when ${when.pushes} more ${when.pushes === 1 ? 'image is' : 'images are'} pushed`;
}
