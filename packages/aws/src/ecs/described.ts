import { required } from '../errors/translate.ts';

/** The most that DescribeTasks takes. */
export const TASKS_AT_ONCE = 100;

interface Failed {
  readonly reason?: string | undefined;
}

/** ECS answers 200 with `failures` for what it does not have; a 200 with neither is no answer. */
export function oneOrMissing<T>(
  found: readonly T[] | undefined,
  failures: readonly Failed[] | undefined,
  what: string,
): T | undefined {
  const [one] = found ?? [];
  if (one) return one;
  return failures?.some(({ reason }) => reason === 'MISSING') ? undefined : required(one, what);
}

/** All that was asked for, but what went between listing and describing: ECS leaves that out, with the reason MISSING. */
export function allButGone<T>(
  found: readonly T[] | undefined,
  failures: readonly Failed[] | undefined,
  asked: number,
  what: string,
): readonly T[] {
  const all = required(found, what);
  const gone = failures?.filter(({ reason }) => reason === 'MISSING').length ?? 0;
  if (all.length + gone < asked) required(undefined, `${asked - all.length - gone} of the ${what}`);
  return all;
}

/** Parts of a list, each of at most so many. */
export function partsOf<T>(list: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / most) }, (_, part) =>
    list.slice(part * most, (part + 1) * most),
  );
}
