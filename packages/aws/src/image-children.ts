import type { Digest } from '@tenant-delivery/domain';
import type { ImageChild } from '@tenant-delivery/findings/finding';
import { runnableEntries } from '@tenant-delivery/oci/runnable';
import { digestOf } from '@tenant-delivery/vault/objects';
import { required } from './translate.ts';

/**
 * The children that a task could run, all of which must be inspected. The text must be what `digest` names: a manifest
 * that was changed on the way could hide one.
 */
export function childrenOf(manifest: string, digest: Digest): readonly ImageChild[] {
  const own = digestOf(manifest) === digest ? manifest : undefined;
  const entries = runnableEntries(required(own, `the manifest that ${digest} names`));
  const children = required(entries, `a readable manifest of ${digest}`);
  if (children === 'none') return [{ platform: 'its only platform', digest }];
  return children.map(({ platform, digest: child }) => {
    const { os, architecture, variant } = platform ?? { os: 'no platform named' };
    return { platform: [os, architecture, variant].filter(Boolean).join('/'), digest: child };
  });
}
