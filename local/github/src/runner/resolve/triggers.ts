import { list, type Mapping, mapping, text } from '../value.ts';

export interface Occasion {
  readonly event: string;
  /** `refs/heads/main`. */
  readonly ref: string;
  /** Branch that a pull request asks to be merged into. */
  readonly baseRef: string;
  /** `action` of the event's payload. */
  readonly activity?: string;
  /** Of `workflow_run`: the workflow that ran, and on which branch. */
  readonly after?: { readonly workflow: string; readonly branch: string };
  /** What changed; asked only when a path filter looks at it. */
  readonly changed: () => Promise<readonly string[]>;
}

const PULL_REQUEST = ['opened', 'synchronize', 'reopened'];
const DEFAULT_TYPES: Readonly<Record<string, readonly string[]>> = {
  pull_request: PULL_REQUEST,
  pull_request_target: PULL_REQUEST,
};

/** Why the event does not start the workflow; undefined when it does. */
export async function whyNotTriggered(on: Mapping, occasion: Occasion): Promise<string | undefined> {
  const { event, ref, changed } = occasion;
  const filters = mapping(on[event]);
  // A push of a tag has no path filters.
  const pathsCount = event.startsWith('pull_request') || (event === 'push' && !ref.startsWith('refs/tags/'));
  return whyNot(on, occasion) ?? (pathsCount ? whyNoPath(event, filters, changed) : undefined);
}

/** At least one file must be in `paths`, or outside `paths-ignore`. */
async function whyNoPath(
  event: string,
  filters: Mapping,
  changed: Occasion['changed'],
): Promise<string | undefined> {
  const paths = filters['paths'] ?? filters['paths-ignore'];
  if (paths === undefined) return undefined;
  const patterns = list(paths).map(text);
  const counts = (file: string) => included(patterns, file) === (filters['paths'] !== undefined);
  if ((await changed()).some(counts)) return undefined;
  return `The '${event}' trigger has path filters that no changed file passes: ${patterns.join(', ')}.`;
}

function whyNot(on: Mapping, occasion: Occasion): string | undefined {
  const { event, ref, baseRef, activity, after } = occasion;
  if (!(event in on)) return `The workflow has no '${event}' trigger; it has: ${Object.keys(on).join(', ')}.`;
  const filters = mapping(on[event]);
  const types = filters['types'] === undefined ? DEFAULT_TYPES[event] : list(filters['types']).map(text);
  if (activity !== undefined && types && !types.includes(activity)) {
    return `The '${event}' trigger is for ${types.join(', ')}, not for ${activity}.`;
  }
  const workflows = list(filters['workflows']).map(text);
  if (after && !included(workflows, after.workflow)) {
    return `The '${event}' trigger is for ${workflows.join(', ')}, not for ${after.workflow || 'a run without a name'}.`;
  }
  const isTag = ref.startsWith('refs/tags/');
  const name =
    after?.branch ?? (event.startsWith('pull_request') ? baseRef : ref.replace(/^refs\/(heads|tags)\//, ''));
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

const STARS: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*' };

/**
 * `*` stops at a slash, `**` does not, and `**` with its slash may be nothing; `?` and `+` repeat what is before them
 * (GitHub, "Workflow syntax": "Filter pattern cheat sheet").
 */
function matches(pattern: string, name: string): boolean {
  const source = pattern
    .replaceAll(/[.^${}()|\\]/g, '\\$&')
    .replaceAll(/(?<![^/])\*\*\/|\*\*?/g, (stars) => STARS[stars] ?? '');
  return new RegExp(`^${source}$`).test(name);
}
