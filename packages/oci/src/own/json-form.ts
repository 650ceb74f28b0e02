/** The list of an instruction in JSON form, or `undefined` for the shell form. */
export function jsonForm(text: string): readonly string[] | undefined {
  if (!text.trim().startsWith('[')) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}

/** A command in the form that a container keeps: a list stays a list, a line runs in a shell. */
export function commandForm(text: string): string[] {
  return [...(jsonForm(text) ?? ['/bin/sh', '-c', text.trim()])];
}
