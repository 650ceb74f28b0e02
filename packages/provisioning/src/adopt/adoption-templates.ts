import { canonicalJson } from '@tenant-delivery/domain';
import type { Resource, Resources, Template } from '../stacks/template.ts';
import type { Adopted, Found, Properties } from './adopted.ts';
import { importedProperties } from './imported-properties.ts';

type Adopts = Readonly<Record<string, Adopted>>;
type Live = Pick<Template, 'Resources'> | undefined;

/** What the contract agrees on and is otherwise now. An import changes none of it; the change after it would. */
export interface AdoptionDifference {
  readonly logicalId: string;
  readonly type: string;
  readonly path: string;
  readonly live: string | null;
  readonly agreed: string;
}

/** Ids of the template's resources that are there and in no stack yet, in its order. */
export function toImport(
  adopts: Adopts,
  live: Live,
  found: Readonly<Record<string, Found>>,
): readonly string[] {
  return Object.keys(adopts).filter((id) => !live?.Resources[id] && found[id]?.kind === 'found');
}

/**
 * The stack as it is, with what is imported as that is: an import may make, change and delete nothing. Outputs stay as they
 * are too, because an import may not change one.
 */
export function importTemplate(
  wanted: Template,
  adopts: Adopts,
  live: Pick<Template, 'Resources' | 'Outputs'> | undefined,
  found: Readonly<Record<string, Found>>,
): Template {
  const { Outputs: _, ...rest } = wanted;
  const imported = toImport(adopts, live, found).flatMap((id) => {
    const [resource, there] = [wanted.Resources[id], found[id]];
    if (!resource || there?.kind !== 'found') return [];
    return [[id, asItIs(resource, adopts[id]?.agreed ?? {}, there.properties)] as const];
  });
  return {
    ...rest,
    Resources: { ...live?.Resources, ...withoutAbsent(Object.fromEntries(imported), live) },
    ...(live?.Outputs && { Outputs: live.Outputs }),
  };
}

/** Nothing may be waited for that is not in the stack. */
function withoutAbsent(imported: Resources, live: Live): Resources {
  const ids = [...Object.keys(imported), ...Object.keys(live?.Resources ?? {})];
  return Object.fromEntries(
    Object.entries(imported).map(([id, { DependsOn = [], ...resource }]) => {
      const waits = [DependsOn].flat().filter((other) => ids.includes(other));
      return [id, waits.length > 0 ? { ...resource, DependsOn: waits } : resource];
    }),
  );
}

/** What the contract agrees on has its live value; what it is known by has the contract's word for it. */
function asItIs(resource: Resource, agreed: Properties, live: Properties): Resource {
  const known = Object.entries(resource.Properties ?? {}).filter(([name]) => !(name in agreed));
  return {
    ...resource,
    Properties: { ...importedProperties(resource.Type, live), ...Object.fromEntries(known) },
  };
}

/** The template of a stack that has what was imported: as the contract agrees, and for the rest as it was taken over. */
export function adoptedTemplate(wanted: Template, adopts: Adopts, live: Live): Template {
  const resources = Object.entries(wanted.Resources).map(([id, resource]) => {
    const there = live?.Resources[id];
    if (!there) return [id, resource] as const;
    const agreed = adopts[id]?.agreed ?? {};
    const kept = Object.keys(agreed).filter((name) => alike(there.Properties?.[name], agreed[name]));
    const said = Object.entries(resource.Properties ?? {}).filter(([name]) => !kept.includes(name));
    return [id, { ...resource, Properties: { ...there.Properties, ...Object.fromEntries(said) } }] as const;
  });
  return { ...wanted, Resources: Object.fromEntries(resources) };
}

/** What the change after an import would change in place. */
export function adoptionDifferences(
  adopts: Adopts,
  live: Live,
  found: Readonly<Record<string, Found>>,
): readonly AdoptionDifference[] {
  return toImport(adopts, live, found).flatMap((logicalId) => {
    const [adopted, there] = [adopts[logicalId], found[logicalId]];
    if (!adopted || there?.kind !== 'found') return [];
    return Object.entries(adopted.agreed)
      .filter(([name, value]) => !alike(there.properties[name], value))
      .map(([name, value]) => ({
        logicalId,
        type: adopted.type,
        path: `/${name}`,
        live: there.properties[name] === undefined ? null : textOf(there.properties[name]),
        agreed: textOf(value),
      }));
  });
}

/** As far as the contract speaks: the order of a list says nothing, and AWS may add members. */
function alike(live: unknown, agreed: unknown): boolean {
  if (Array.isArray(live) && Array.isArray(agreed))
    return live.length === agreed.length && agreed.every((one) => live.some((other) => alike(other, one)));
  if (isData(live) && isData(agreed))
    return Object.entries(agreed).every(([name, value]) => alike(live[name], value));
  return live !== undefined && String(live) === String(agreed);
}

function isData(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : canonicalJson(value);
}
