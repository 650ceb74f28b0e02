import type { Lookup } from './context.ts';

type Part = { readonly source: string } | { readonly variable: string };

/** What `*` and `?` stand for: in an ARN they don't reach over the colons that part its first five fields. */
type Kind = 'text' | 'arn';

const compiled = { text: new Map<string, Compiled>(), arn: new Map<string, Compiled>() };

type Compiled = RegExp | readonly Part[];

/** `*` for any text, `?` for one character, as in policies. `lookup` gives the values of policy variables. */
export function matches(pattern: string, text: string, lookup?: Lookup): boolean {
  return test(pattern, text, 'text', lookup);
}

/** The same of a pattern for ARNs ("IAM JSON policy elements: Resource"); `*` alone is any of them. */
export function matchesArn(pattern: string, arn: string, lookup?: Lookup): boolean {
  if (pattern === '*') return true;
  return test(pattern, arn, pattern.startsWith('arn:') ? 'arn' : 'text', lookup);
}

function test(pattern: string, text: string, kind: Kind, lookup: Lookup | undefined): boolean {
  const known = compiled[kind].get(pattern) ?? compile(pattern, kind);
  compiled[kind].set(pattern, known);
  if (known instanceof RegExp) return known.test(text);
  const filled = fill(known, lookup);
  return filled?.test(text) ?? false;
}

function compile(pattern: string, kind: Kind): Compiled {
  const parts: Part[] = [];
  let colons = 0;
  for (const [token, variable] of pattern.matchAll(/\$\{([^}]+)\}|./gs)) {
    if (variable !== undefined && !/^[*?$]$/.test(variable)) {
      parts.push({ variable });
      continue;
    }
    const inside = kind === 'arn' && colons < 5;
    if (token === ':') colons += 1;
    if (token === '*') parts.push({ source: inside ? '[^:]*' : '.*' });
    else if (token === '?') parts.push({ source: inside ? '[^:]' : '.' });
    else parts.push({ source: escaped(variable ?? token) });
  }
  if (parts.some((part) => 'variable' in part)) return parts;
  return new RegExp(`^${parts.map((part) => ('source' in part ? part.source : '')).join('')}$`, 's');
}

/** With the values of its variables; `undefined` where the request has none, and the pattern then matches nothing. */
function fill(parts: readonly Part[], lookup: Lookup | undefined): RegExp | undefined {
  const sources = parts.map((part) => {
    if ('source' in part) return part.source;
    const [, key = '', otherwise] = /^([^,]+?)(?:,\s*'(.*)')?\s*$/.exec(part.variable) ?? [];
    const [value] = lookup?.(key) ?? (otherwise === undefined ? [] : [otherwise]);
    return value === undefined ? undefined : escaped(value);
  });
  return sources.includes(undefined) ? undefined : new RegExp(`^${sources.join('')}$`, 's');
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
