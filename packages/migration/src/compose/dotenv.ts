/** What a file of variables says of each name; or why a value of it is not read here. */
export type Dotenv = ReadonlyMap<string, { readonly text: string } | { readonly why: string }>;

const LINE = /^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*=[ \t]*(.*)$/;
const QUOTED = /^(?:'([^'\\]*)'|"([^"\\$]*)")[ \t]*(?:#.*)?$/;
const BARE = /^(?!#)([^'"$\\#]*?)[ \t]*(?:[ \t]#.*)?$/;

/** A file such as `.env`, as Compose reads it: plain values, with or without quotes. */
export function readDotenv(text: string, file: string): Dotenv | { readonly why: string } {
  const values = new Map<string, { readonly text: string } | { readonly why: string }>();
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    if (/^\s*(?:#.*)?$/.test(line)) continue;
    const [, name, value = ''] = LINE.exec(line) ?? [];
    if (name === undefined)
      return { why: `this command does not read the line \`${line.trim()}\` of ${file}` };
    const [, single, double] = QUOTED.exec(value) ?? [];
    const plain = single ?? double ?? BARE.exec(value)?.[1];
    // A quote that is not closed goes on on the next line.
    if (plain === undefined && /^["']/.test(value))
      return { why: `this command does not read the value of ${name} in ${file}` };
    values.set(
      name,
      plain === undefined || plain.includes('${{')
        ? { why: `this command does not read the value of ${name} in ${file}` }
        : { text: plain },
    );
  }
  return values;
}
