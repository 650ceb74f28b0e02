import type { ResolvedService } from '@tenant-delivery/tenancy/resolve';

/** One effective value that a pull request changes. */
export interface ValueChange {
  /** `container.port`. */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What differs between two configurations, value by value; everything when there was none before. */
export function changesBetween(
  before: ResolvedService | undefined,
  after: ResolvedService,
): readonly ValueChange[] {
  const old = before ? valuesOf(before) : new Map<string, Setting>();
  const now = valuesOf(after);
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  return paths
    .map((path) => ({ path, before: old.get(path)?.value, after: now.get(path)?.value }))
    .filter((each) => each.before !== each.after);
}

/** One effective value, and who set it: the contract, its floor, the manifest, or a default. */
export interface Setting {
  readonly value: string;
  readonly from: string;
}

/** Every `{ value, from }` of a resolved service by its path. */
export function valuesOf(resolved: ResolvedService): ReadonlyMap<string, Setting> {
  const found = new Map<string, Setting>();
  const walk = (node: unknown, path: readonly string[]): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('value' in node && 'from' in node) {
      found.set(path.join('.'), { value: shown(node.value), from: String(node.from) });
      return;
    }
    for (const [name, member] of Object.entries(node)) walk(member, [...path, name]);
  };
  walk(resolved, []);
  return found;
}

/** A waiver, or what may be waived, is one value with parts. */
function shown(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
