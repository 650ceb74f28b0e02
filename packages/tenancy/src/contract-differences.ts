import { canonicalJson } from '@tenant-delivery/domain';

/** One place where two contracts differ. A member that is missing on one side is `undefined` there. */
export interface Difference {
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

/** Members that name an item of a list, so that an item that moves is no difference. */
const IDENTITIES: readonly (readonly string[])[] = [
  ['id'],
  ['keyId'],
  ['repository'],
  ['from', 'to', 'protocol'],
  // of templates and policies
  ['PolicyName'],
  ['Sid'],
  ['Key'],
];

/**
 * Every difference between two documents, as deep as both have it. Lists of plain values are sets; items of other lists are
 * known by the members that name them, else by their place.
 */
export function differences(
  before: unknown,
  after: unknown,
  path: readonly string[] = [],
): readonly Difference[] {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    if ([...before, ...after].every((item) => !isObject(item))) return ofSets(before, after, path);
    return ofMembers(named(before), named(after), path);
  }
  if (isObject(before) && isObject(after)) return ofMembers(before, after, path);
  return [{ path, before, after }];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function ofMembers(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  path: readonly string[],
): readonly Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => differences(before[name], after[name], [...path, name]));
}

function ofSets(
  before: readonly unknown[],
  after: readonly unknown[],
  path: readonly string[],
): readonly Difference[] {
  return [
    ...before
      .filter((item) => !after.includes(item))
      .map((item) => ({ path, before: item, after: undefined })),
    ...after
      .filter((item) => !before.includes(item))
      .map((item) => ({ path, before: undefined, after: item })),
  ];
}

function named(list: readonly unknown[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(list.map((item, at) => [nameOf(item) ?? String(at + 1), item]));
}

function nameOf(item: unknown): string | undefined {
  if (!isObject(item)) return undefined;
  const identity = IDENTITIES.find((members) => members.every((member) => typeof item[member] === 'string'));
  return identity?.map((member) => item[member]).join(' ');
}
