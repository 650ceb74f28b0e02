import type { Digest } from '@tenant-delivery/domain';
import type { ImageChild } from '@tenant-delivery/findings/finding';
import { type Descriptor, formatPlatform, namesNoPlatform } from '@tenant-delivery/oci/descriptor';
import { entriesOf, isOfStatements } from '@tenant-delivery/oci/runnable';
import { digestOf } from '@tenant-delivery/vault/objects';
import { required } from '../errors/translate.ts';

const INDEX = /^application\/vnd\.(oci\.image\.index\.v1|docker\.distribution\.manifest\.list\.v2)\+json$/;

export interface Children {
  /** Those that a task could run. All must be inspected. */
  readonly children: readonly ImageChild[];
  readonly attestations: readonly Digest[];
}

/**
 * The images under a digest. We open an index inside an index, but not a third level: that child is refused. `read`
 * gives the text of a manifest. The text must match the digest, because a manifest changed on the way could hide a child.
 */
export async function childrenOf(
  read: (digest: Digest) => Promise<string | undefined>,
  digest: Digest,
  depth = 0,
): Promise<Children> {
  const entries = entriesOf(`The manifest of ${digest}`, await readOwn(read, digest));
  const listed = required(entries, `a readable manifest of ${digest}`);
  if (listed === 'none') return { children: [{ platform: 'its only platform', digest }], attestations: [] };
  const parts = await Promise.all(listed.map((entry) => under(read, entry, depth)));
  return {
    children: parts.flatMap(({ children }) => children),
    attestations: parts.flatMap(({ attestations }) => attestations),
  };
}

/** The text that a digest names. */
async function readOwn(
  read: (digest: Digest) => Promise<string | undefined>,
  digest: Digest,
): Promise<string> {
  const manifest = await read(digest);
  const own = manifest !== undefined && digestOf(manifest) === digest ? manifest : undefined;
  return required(own, `the manifest that ${digest} names`);
}

async function under(
  read: (digest: Digest) => Promise<string | undefined>,
  entry: Descriptor,
  depth: number,
): Promise<Children> {
  const { digest } = entry;
  const child = { platform: platformOf(entry), digest };
  if (!INDEX.test(entry.mediaType)) {
    const told =
      namesNoPlatform(entry) && isOfStatements(`The manifest of ${digest}`, await readOwn(read, digest));
    return told ? { children: [], attestations: [digest] } : { children: [child], attestations: [] };
  }
  if (depth === 0) return childrenOf(read, digest, depth + 1);
  return {
    children: [{ ...child, refused: 'it is an index inside an index inside an index, which we do not open' }],
    attestations: [],
  };
}

/** With the OS version where the index uses it to tell children apart. */
function platformOf({ platform }: Descriptor): string {
  if (platform === undefined) return 'no platform named';
  const version: unknown = platform['os.version'];
  return typeof version === 'string' && version !== ''
    ? formatPlatform(platform).replace('/', `(${version})/`)
    : formatPlatform(platform);
}
