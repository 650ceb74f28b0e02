import { canonicalJson } from '@tenant-delivery/domain';
import type { PlannedChange } from '../plan/plan.ts';
import type { Resource, Template } from '../stacks/template.ts';

type Resources = Template['Resources'];

/**
 * Settings that a registry has once. The first environment that recovers in a region sets them, and a published contract does
 * not name the others: so this stack may have them or not, and their tags may be those of another environment.
 */
const OF_THE_REGISTRY = ['RegistryScanning', 'RegistryRole', 'RegistryCopies'];
const TAGS_OF_COPIES = '/ResourceTags';

/** What applying the asked template would do to a stack that has the found one, by resource and property. */
export function templateChanges(asked: Resources, found: Resources): readonly PlannedChange[] {
  const names = [...new Set([...Object.keys(asked), ...Object.keys(found)])].sort();
  return names.flatMap((logicalId): readonly PlannedChange[] => {
    const [before, after] = [found[logicalId], asked[logicalId]];
    const shared = OF_THE_REGISTRY.includes(logicalId);
    if (shared && (!before || !after)) return [];
    const type = (after ?? before)?.Type ?? '';
    const change = { logicalId, type, id: null };
    if (!before) return [{ ...change, action: 'add', properties: rowsOf({}, partsOf(after)) }];
    if (!after) return [{ ...change, action: 'remove', properties: [] }];
    const rows = rowsOf(partsOf(before), partsOf(after));
    const properties = shared ? rows.filter(({ path }) => path !== TAGS_OF_COPIES) : rows;
    return properties.length > 0 ? [{ ...change, action: 'modify', properties }] : [];
  });
}

type Parts = Readonly<Record<string, unknown>>;

/** Properties by their path, and what is said of a resource beside them. */
function partsOf(resource: Resource | undefined): Parts {
  const { Properties = {}, ...said } = resource ?? { Type: '' };
  const properties = Object.entries(Properties).map(([name, value]) => [`/${name}`, value] as const);
  return { ...said, ...Object.fromEntries(properties) };
}

function rowsOf(before: Parts, after: Parts): PlannedChange['properties'] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return paths.flatMap((path) => {
    const [from, to] = [textOf(before[path]), textOf(after[path])];
    return from === to ? [] : [{ path, before: from, after: to }];
  });
}

function textOf(value: unknown): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : canonicalJson(value);
}
