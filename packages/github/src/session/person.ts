import * as v from 'valibot';

/** The members of GitHub's `simple-user` that identify somebody. */
export const person = v.pipe(
  v.object({ id: v.number(), login: v.string() }),
  v.transform(({ id, login }) => ({ id, login })),
);

/**
 * The same, and whether it is a bot. Some bots have a login like a person's (`Copilot`), and only an App's can end in
 * `[bot]`. What is neither a person's account is none that anybody could be compared with. Assumes github-bots-have-a-type.
 */
export const account = v.pipe(
  v.object({ id: v.number(), login: v.string(), type: v.string() }),
  v.transform(({ id, login, type }) => ({ id, login, bot: type !== 'User' || login.endsWith('[bot]') })),
);
