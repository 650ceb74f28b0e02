import type { Digest } from '@tenant-delivery/domain';
import type { Descriptor } from '@tenant-delivery/oci/descriptor';
import { failures } from '../failures.ts';
import { holderOf } from '../tag-holder.ts';
import type { OwnRepository } from './own-repository.ts';

/** What a tag was before this image got it: nobody's, another image's, or this image's already. */
export interface Tagged {
  readonly tag: string;
  readonly before: Digest | undefined;
}

/**
 * Checked before anything is built: a tag that cannot move, and belongs to an image of another commit, can never be this
 * one's. One of the same commit may be this very image, which an earlier attempt pushed.
 */
export async function refuseTakenTags(
  repository: OwnRepository,
  tags: readonly string[],
  revision: string | undefined,
): Promise<void> {
  const taken = await holders(repository, tags);
  refuse(
    repository,
    taken.filter((one) => revision === undefined || one.revision !== revision),
  );
}

/** The same with the image at hand, before a byte of it is pushed. */
export async function refuseTakenByOthers(
  repository: OwnRepository,
  tags: readonly string[],
  image: Digest,
): Promise<void> {
  const taken = await holders(repository, tags);
  refuse(
    repository,
    taken.filter(({ digest }) => digest !== image),
  );
}

/** Gives the image its tags, in the order in which they were given. A tag that it has already is left alone. */
export async function nameImage(
  { connection, name = '' }: OwnRepository,
  tags: readonly string[],
  { digest, mediaType }: Descriptor,
  bytes: Buffer,
): Promise<readonly Tagged[]> {
  const { writer } = connection;
  const named: Tagged[] = [];
  for (const tag of tags) {
    const held = await writer.readManifest(name, tag);
    const before = held === 'absent' ? undefined : held.digest;
    if (before !== digest) await writer.writeManifest(name, tag, mediaType, bytes);
    named.push({ tag, before });
  }
  return named;
}

interface Taken {
  readonly tag: string;
  readonly digest: Digest;
  readonly revision: string | undefined;
}

/** The images that have tags which cannot move. */
async function holders(
  { connection, name = '', moves }: OwnRepository,
  tags: readonly string[],
): Promise<readonly Taken[]> {
  const found = await Promise.all(
    tags
      .filter((tag) => !moves(tag))
      .map(async (tag) => {
        const holder = await holderOf(connection.writer, name, tag);
        return holder === 'nobody' ? [] : [{ tag, ...holder }];
      }),
  );
  return found.flat();
}

function refuse({ name = '' }: OwnRepository, taken: readonly Taken[]): void {
  if (taken.length > 0) throw failures.tagsTaken(name, taken);
}
