const KNOWN = 200; // files that are remembered; with more, all are forgotten

/** Reads each text once: a file of a commit is the same in every run that uses it. What is read must not be changed. */
export function readOnce<T>(
  read: (name: string, content: string) => T,
): (name: string, content: string) => T {
  const known = new Map<string, T>();
  return (name, content) => {
    const key = `${name}\n${content}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= KNOWN) known.clear();
    const now = read(name, content);
    known.set(key, now);
    return now;
  };
}
