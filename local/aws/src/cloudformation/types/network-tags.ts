import type { Kind } from '../../ec2/kinds.ts';
import type { Tags } from '../../ec2/state.ts';
import type { Making, Properties } from '../resource-type.ts';
import { ask } from './network-properties.ts';
import { tagList, tagsIn } from './tags.ts';

/** The tags of a template as a request to EC2 has them. */
export function tagged({ properties }: Pick<Making, 'properties'>, kind: Kind): object {
  const tags = tagsIn(properties) ?? {};
  return Object.keys(tags).length === 0
    ? {}
    : { TagSpecifications: [{ ResourceType: kind, Tags: tagList(tags) }] };
}

/** Tags that a resource has, in the words of a template. */
export function readTags(tags: Tags): Properties {
  return Object.keys(tags).length === 0 ? {} : { Tags: tagList(tags) };
}

/** Sets new and changed tags of a resource, and takes those away that the template no longer has. */
export async function retag(made: Making, id: string, before: Properties): Promise<void> {
  const [is, was] = [tagsIn(made.properties) ?? {}, tagsIn(before) ?? {}];
  const changed = Object.fromEntries(Object.entries(is).filter(([key, value]) => was[key] !== value));
  const gone = Object.keys(was).filter((key) => is[key] === undefined);
  if (Object.keys(changed).length > 0)
    await ask(made, 'CreateTags', { Resources: [id], Tags: tagList(changed) });
  if (gone.length > 0) await ask(made, 'DeleteTags', { Resources: [id], Tags: gone.map((Key) => ({ Key })) });
}
