import * as v from 'valibot';

/** The members of GitHub's `simple-user` that identify somebody. */
export const person = v.pipe(
  v.object({ id: v.number(), login: v.string() }),
  v.transform(({ id, login }) => ({ id, login })),
);
