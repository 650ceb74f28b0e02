/** The texts of an element that takes one or a list of them; nothing when it is neither. */
export function strings(value: unknown): readonly string[] | undefined {
  const all = [value].flat();
  return all.every((one) => typeof one === 'string') ? all : undefined;
}
