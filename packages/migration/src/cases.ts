/** The cases in which a condition holds: in each, all of these parts hold. */
export type Cases = readonly (readonly string[])[];

/** More cases than a person would write. */
const MOST = 32;

/** The cases of a condition of GitHub, without `${{ }}`. A part that is more than `&&`, `||` and groups is taken as one. */
export function casesOf(condition: string): Cases {
  const text = withoutGroup(condition.trim());
  const ways = split(text, '||');
  if (ways.length > 1) return ways.flatMap((way) => casesOf(way));
  const parts = split(text, '&&');
  if (parts.length > 1) return parts.map((part) => casesOf(part)).reduce(both);
  const part = text.replace(/\s+/g, ' ').replace(/ ?([=!]=) ?/g, ' $1 ');
  return ['', 'true', 'success()'].includes(part) ? [[]] : [[part]];
}

/** The cases in which two conditions hold. */
export function both(one: Cases, other: Cases): Cases {
  const all = one.flatMap((each) => other.map((more) => [...each, ...more]));
  return all.length > MOST ? [[`${one.join()} && ${other.join()}`]] : all;
}

/** Whether one condition holds wherever another one does, as far as their texts say it. */
export function holdsIn(one: Cases, other: Cases): boolean {
  return other.every((each) => one.some((parts) => parts.every((part) => each.includes(part))));
}

function withoutGroup(text: string): string {
  const inner = /^\((.*)\)$/s.exec(text)?.[1];
  if (inner === undefined) return text;
  const depths = [...depthsIn(inner)];
  return depths.some(({ depth }) => depth < 0) ? text : withoutGroup(inner.trim());
}

function split(text: string, operator: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (const { at, depth, quoted } of depthsIn(text)) {
    if (depth !== 0 || quoted || !text.startsWith(operator, at) || at < from) continue;
    parts.push(text.slice(from, at));
    from = at + operator.length;
  }
  return [...parts, text.slice(from)];
}

/** How deep in parentheses and brackets each character stands, and whether it is in quotes. */
function* depthsIn(text: string) {
  let [depth, quoted] = [0, false];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === "'") quoted = !quoted;
    if (!quoted && '(['.includes(character)) depth += 1;
    if (!quoted && ')]'.includes(character)) depth -= 1;
    yield { at, depth, quoted };
  }
}
