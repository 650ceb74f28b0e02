import { canonicalJson } from '@tenant-delivery/domain';

/** One place where two documents differ. A member that is missing on one side is `undefined` there. */
export interface Difference {
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

/** Members that together name an item of a list, so that an item that moves is no difference. */
export type Identities = readonly (readonly string[])[];

const OF_CONTRACTS: Identities = [['id'], ['keyId'], ['repository'], ['from', 'to', 'protocol']];

/**
 * Every difference between two documents, as deep as both have it. Lists of plain values are sets; items of other lists are
 * known by the members that name them, else by their place.
 */
export function differences(
  before: unknown,
  after: unknown,
  identities = OF_CONTRACTS,
): readonly Difference[] {
  return differencesAt([], before, after, identities);
}

function differencesAt(
  path: readonly string[],
  before: unknown,
  after: unknown,
  identities: Identities,
): readonly Difference[] {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return [];
  const ofMembers = (was: Members, is: Members) =>
    [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((name) =>
      differencesAt([...path, name], was[name], is[name], identities),
    );
  if (Array.isArray(before) && Array.isArray(after)) {
    if ([...before, ...after].every((item) => !isObject(item))) return ofSets(before, after, path);
    return ofMembers(named(before, identities), named(after, identities));
  }
  if (isObject(before) && isObject(after)) return ofMembers(before, after);
  return [{ path, before, after }];
}

type Members = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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

function named(list: readonly unknown[], identities: Identities): Members {
  return Object.fromEntries(list.map((item, at) => [nameOf(item, identities) ?? String(at + 1), item]));
}

function nameOf(item: unknown, identities: Identities): string | undefined {
  if (!isObject(item)) return undefined;
  const identity = identities.find((members) => members.every((member) => typeof item[member] === 'string'));
  return identity?.map((member) => item[member]).join(' ');
}
