import { list, type Mapping, mapping, text } from '../value.ts';

export interface Occasion {
  readonly event: string;
  /** `refs/heads/main`. */
  readonly ref: string;
  /** Branch that a pull request asks to be merged into. */
  readonly baseRef: string;
  /** `action` of the event's payload. */
  readonly activity?: string;
}

const DEFAULT_TYPES: Readonly<Record<string, readonly string[]>> = {
  pull_request: ['opened', 'synchronize', 'reopened'],
};

/** Why the event does not start the workflow; undefined when it does. Path filters are not looked at. */
export function whyNotTriggered(on: Mapping, occasion: Occasion): string | undefined {
  const { event, ref, baseRef, activity } = occasion;
  if (!(event in on)) return `The workflow has no '${event}' trigger; it has: ${Object.keys(on).join(', ')}.`;
  const filters = mapping(on[event]);
  const types = filters['types'] === undefined ? DEFAULT_TYPES[event] : list(filters['types']).map(text);
  if (activity !== undefined && types && !types.includes(activity)) {
    return `The '${event}' trigger is for ${types.join(', ')}, not for ${activity}.`;
  }
  const isTag = ref.startsWith('refs/tags/');
  const name = event.startsWith('pull_request') ? baseRef : ref.replace(/^refs\/(heads|tags)\//, '');
  const kind = isTag && event === 'push' ? 'tags' : 'branches';
  const other = kind === 'tags' ? 'branches' : 'tags';
  const hasOwn = filters[kind] !== undefined || filters[`${kind}-ignore`] !== undefined;
  if (event === 'push' && !hasOwn && (filters[other] ?? filters[`${other}-ignore`]) !== undefined) {
    return `The '${event}' trigger is for ${other} only, and ${ref} is none.`;
  }
  if (filters[kind] !== undefined && !included(list(filters[kind]).map(text), name)) {
    return `The '${event}' trigger does not include ${name}: ${kind} are ${list(filters[kind]).map(text).join(', ')}.`;
  }
  if (filters[`${kind}-ignore`] !== undefined && included(list(filters[`${kind}-ignore`]).map(text), name)) {
    return `The '${event}' trigger leaves ${name} out.`;
  }
  return undefined;
}

/** The last pattern that matches decides; one that begins with `!` takes away. */
function included(patterns: readonly string[], name: string): boolean {
  return patterns.reduce((before, pattern) => {
    const negative = pattern.startsWith('!');
    return matches(negative ? pattern.slice(1) : pattern, name) ? !negative : before;
  }, false);
}

/** `*` stops at a slash, `**` does not; `?` and `+` repeat what is before them, as in GitHub's filter patterns. */
function matches(pattern: string, name: string): boolean {
  const source = pattern
    .replaceAll(/[.^${}()|\\]/g, '\\$&')
    .replaceAll(/\*\*?/g, (stars) => (stars === '**' ? '.*' : '[^/]*'));
  return new RegExp(`^${source}$`).test(name);
}
