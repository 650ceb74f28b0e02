import type { Mistake } from '@tenant-delivery/action-kit/document';
import { type Json, nearest } from '@tenant-delivery/domain';
import type { JsonObject } from '../json.ts';
import type { TaskDefinitionDocument } from '../observed.ts';
import type { DeployRequest, VariablesChange } from '../plan/deploy-request.ts';
import { type Changed, noContainer } from './patch.ts';
import { containerNames, isObject } from './task-definition.ts';

type Changes = Pick<DeployRequest, 'images' | 'environment' | 'secrets'>;

/** Sets images, variables and secrets by the container's name. What is not named stays as it is. */
export function changeContainers(
  document: TaskDefinitionDocument,
  changes: Changes,
): Changed & { readonly notes: readonly string[] } {
  const containers = document['containerDefinitions'];
  if (!Array.isArray(containers)) return { document, mistakes: [], notes: [] };
  const names = containerNames(document);
  const parts = ['images', 'environment', 'secrets'] as const;
  return {
    document: { ...document, containerDefinitions: containers.map((each: Json) => changed(each, changes)) },
    mistakes: parts.flatMap((part) =>
      Object.keys(changes[part])
        .filter((name) => !names.includes(name))
        .map((name): Mistake => ({ path: `${part}.${name}`, problem: noContainer(name, names) })),
    ),
    notes: containers.flatMap((each: Json) => notesOn(each, changes)),
  };
}

function changed(container: Json, { images, environment, secrets }: Changes): Json {
  const name = isObject(container) ? container['name'] : undefined;
  if (!isObject(container) || typeof name !== 'string') return container;
  const image = own(images, name);
  const variables = own(environment, name);
  const references = own(secrets, name);
  return {
    ...container,
    ...(image === undefined ? {} : { image }),
    ...(variables ? listed(container, 'environment', 'value', variables) : {}),
    ...(references ? listed(container, 'secrets', 'valueFrom', references) : {}),
  };
}

/** The member with the list after the change; nothing where there was no list and nothing comes into it. */
function listed(container: JsonObject, list: string, member: string, change: VariablesChange): JsonObject {
  const before = container[list];
  const entries: readonly Json[] = Array.isArray(before) ? before : [];
  const after = afterChange(entries, member, change);
  return after.length === 0 && !Array.isArray(before) ? {} : { [list]: after };
}

function afterChange(entries: readonly Json[], member: string, change: VariablesChange): readonly Json[] {
  const gone = new Set(goneBy(change));
  const values = new Map(
    change.mode === 'remove'
      ? []
      : Object.entries(change.values).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
  const nameOf = (entry: Json) => (isObject(entry) ? String(entry['name']) : '');
  const had = new Set(entries.map(nameOf));
  const kept = entries.flatMap((entry) => {
    const value = values.get(nameOf(entry));
    if (value !== undefined && isObject(entry)) return [{ ...entry, [member]: value }];
    return change.mode === 'replace' || gone.has(nameOf(entry)) ? [] : [entry];
  });
  const added = [...values].filter(([name]) => !had.has(name));
  return [...kept, ...added.map(([name, value]) => ({ name, [member]: value }))];
}

function goneBy(change: VariablesChange): readonly string[] {
  if (change.mode === 'remove') return change.names;
  return Object.entries(change.values).flatMap(([name, value]) => (value === null ? [name] : []));
}

/** That a name is gone already is no mistake, or a second run of the same request would fail; but it may be a typo. */
function notesOn(container: Json, { environment, secrets }: Changes): readonly string[] {
  const name = isObject(container) ? container['name'] : undefined;
  if (!isObject(container) || typeof name !== 'string') return [];
  return Object.entries({ environment, secrets }).flatMap(([list, changes]) => {
    const change = own(changes, name);
    const entries = container[list];
    const there = (Array.isArray(entries) ? entries : []).flatMap((entry: Json) =>
      isObject(entry) && typeof entry['name'] === 'string' ? [entry['name']] : [],
    );
    return (change ? goneBy(change) : [])
      .filter((gone) => !there.includes(gone))
      .map((gone) => {
        const near = nearest(gone, there);
        return `${list} of ${name} has no ${gone} to remove${near ? `; it has ${near}` : ''}`;
      });
  });
}

function own<Value>(members: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}
