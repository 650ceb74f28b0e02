/**
 * Plain data whose records have no names but their own. A client may call a thing `constructor`, and to look it up must
 * not find what every object of JavaScript has under that name.
 */
export function withOwnNames<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) withOwnNames(member);
  if (!Array.isArray(value)) Object.setPrototypeOf(value, null);
  return value;
}
