/** The list of an instruction in JSON form, or `undefined` for the shell form. */
export function jsonForm(text: string): readonly string[] | undefined {
  const list = jsonList(text);
  return list?.every((item) => typeof item === 'string') ? list : undefined;
}

/** A list that BuildKit refuses, because something in it is no text. */
export function isMixedList(text: string): boolean {
  return jsonList(text)?.some((item) => typeof item !== 'string') ?? false;
}

function jsonList(text: string): readonly unknown[] | undefined {
  if (!text.trim().startsWith('[')) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

/** A command in the form that a container keeps: a list stays a list, a line runs in a shell. */
export function commandForm(text: string): string[] {
  return [...(jsonForm(text) ?? ['/bin/sh', '-c', text.trim()])];
}
