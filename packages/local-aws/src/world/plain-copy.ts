/** A copy of plain data, such as JSON can hold. structuredClone does it too, in five times the time. */
export function plainCopy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plainCopy) as T; // of the same elements
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) copy[name] = plainCopy(member);
  return copy as T; // of the same members
}
