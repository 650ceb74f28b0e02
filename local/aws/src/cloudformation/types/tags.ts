import type { Properties } from '../resource-type.ts';

/** Tags as most services keep them; `undefined` where the template gives none. */
export function tagsIn({ Tags }: Properties): Readonly<Record<string, string>> | undefined {
  if (!Array.isArray(Tags)) return undefined;
  return Object.fromEntries(Tags.map(({ Key, Value }) => [String(Key), String(Value)]));
}

/** Tags as templates have them. */
export function tagList(tags: Readonly<Record<string, string>>): readonly { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
