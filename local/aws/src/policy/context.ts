import { many } from './document.ts';

/** The values of condition keys for one request. A key that is not there is absent, not empty. */
export type Context = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The values of a condition key, by its name in any case; `undefined` where the request has none. */
export type Lookup = (key: string) => readonly string[] | undefined;

/** Condition keys are not case-sensitive. */
export function lookupIn(context: Context): Lookup {
  const values = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return (key) => {
    const found = values.get(key.toLowerCase());
    return found === undefined ? undefined : many(found);
  };
}
