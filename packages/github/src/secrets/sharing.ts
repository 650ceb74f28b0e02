import * as v from 'valibot';
import { orAbsent, wholeList } from '../session/answers.ts';

/** Who sees an organisation's secret or variable. Every write says it again, so it is read before. */
export interface Sharing {
  readonly visibility: 'all' | 'private' | 'selected';
  /** For `selected`. */
  readonly repositories: readonly { readonly id: number /** `owner/name` */; readonly name: string }[];
}

/** What GitHub says of an organisation's alone. */
export const visibility = v.optional(v.picklist(['all', 'private', 'selected']));

const selectedRepository = v.object({ id: v.number(), full_name: v.string() });

/**
 * All who see it; `absent`: it was deleted meanwhile. Of a list that is not whole, the next write would take the missing
 * repositories out.
 */
export async function sharingOf(
  seen: v.InferOutput<typeof visibility>,
  selected: (() => Parameters<typeof wholeList>[1]) | undefined,
): Promise<Sharing | undefined | 'absent'> {
  if (seen !== 'selected' || !selected) return seen && { visibility: seen, repositories: [] };
  const all = await orAbsent(wholeList(selectedRepository, selected()));
  if (all === 'absent') return 'absent';
  return { visibility: seen, repositories: all.map(({ id, full_name: name }) => ({ id, name })) };
}
