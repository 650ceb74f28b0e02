import * as v from 'valibot';

/** Text of one form; `what` says which, as in "must be a tenant id". */
export function matching(pattern: RegExp, what: string) {
  return v.pipe(v.string(), v.regex(pattern, `must be ${what}`));
}

/** A whole number between two others, both of them allowed. */
export function whole(least: number, most: number) {
  return v.pipe(
    v.number('must be a number'),
    v.integer('must be a whole number'),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  );
}
