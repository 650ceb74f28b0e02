import type { Mistake } from '@tenant-delivery/action-kit/document';
import { type Json, nearest } from '@tenant-delivery/domain';
import type { JsonObject } from '../json.ts';
import type { TaskDefinitionDocument } from '../observed.ts';
import type { DeployRequest } from '../plan/deploy-request.ts';
import { mergeObjects } from './merge-patch.ts';
import { READ_ONLY_MEMBERS } from './read-only-members.ts';
import { type AllowedUnknown, pathIn, type ShapeMistake, shapeMistakes } from './shape-mistakes.ts';
import { containerNames, isObject } from './task-definition.ts';

/** A task definition under way, with what was wrong on it. */
export interface Changed {
  readonly document: TaskDefinitionDocument;
  readonly mistakes: readonly Mistake[];
}

type Patches = Pick<DeployRequest, 'patch' | 'images' | 'environment' | 'secrets'>;

/**
 * Merges the patch of a request. Its `containerDefinitions` holds containers by their name, so that a patch of one
 * leaves the others, their order and every member that it does not name.
 */
export function patchTaskDefinition(
  document: TaskDefinitionDocument,
  request: Patches,
  allowed: AllowedUnknown,
): Changed {
  const { containerDefinitions: containers, ...rest } = request.patch;
  const patched = mergeObjects(document, rest);
  const mistakes = [...memberMistakes(rest, allowed), ...setTwice(request)];
  if (containers === undefined) return { document: patched, mistakes };
  if (!isObject(containers)) {
    const problem = 'must be an object of containers by their name, so that a patch keeps the others';
    return {
      document: patched,
      mistakes: [...mistakes, { path: 'patch.containerDefinitions', problem }],
    };
  }
  const names = containerNames(document);
  return {
    document: withContainers(patched, containers, request.images),
    mistakes: [
      ...mistakes,
      ...Object.entries(containers).flatMap(([name, patch]) =>
        containerMistakes(name, patch, { names, images: request.images, allowed }),
      ),
    ],
  };
}

function memberMistakes(patch: JsonObject, allowed: AllowedUnknown): readonly Mistake[] {
  return Object.entries(patch).flatMap(([name, member]) => {
    const path = `patch.${name}`;
    if (READ_ONLY_MEMBERS.has(name)) return [{ path, problem: 'is read-only: ECS sets it; leave it out' }];
    if (name === 'tags') return [{ path, problem: 'is set by `tags` of the request' }];
    return placed(patch, shapeMistakes('RegisterTaskDefinitionRequest', { [name]: member }, allowed));
  });
}

function hasImage(name: string, patch: JsonObject, images: DeployRequest['images']): boolean {
  return typeof patch['image'] === 'string' || Object.hasOwn(images, name);
}

interface Around {
  readonly names: readonly string[];
  readonly images: DeployRequest['images'];
  readonly allowed: AllowedUnknown;
}

function containerMistakes(
  name: string,
  patch: Json,
  { names, images, allowed }: Around,
): readonly Mistake[] {
  const path = `patch.containerDefinitions.${name}`;
  const there = names.includes(name);
  if (patch === null) return there ? [] : [{ path, problem: noContainer(name, names) }];
  const keys = ['containerDefinitions', name];
  const mistakes = placed(
    { containerDefinitions: { [name]: patch } },
    shapeMistakes('ContainerDefinition', patch, allowed, keys, ['containerDefinitions']),
  );
  if (!isObject(patch)) return mistakes;
  const renamed = patch['name'] !== undefined && patch['name'] !== name;
  return [
    ...mistakes,
    ...(renamed ? [{ path: `${path}.name`, problem: `must be ${name}: a patch renames no container` }] : []),
    ...(there || hasImage(name, patch, images)
      ? []
      : [{ path, problem: `${noContainer(name, names)}, and a new one needs an image` }]),
  ];
}

export function noContainer(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near
    ? `there is no such container (did you mean ${near}?)`
    : `there is no such container; the task definition has ${names.join(', ') || 'none'}`;
}

function withContainers(
  document: TaskDefinitionDocument,
  patches: JsonObject,
  images: DeployRequest['images'],
): TaskDefinitionDocument {
  const containers = document['containerDefinitions'];
  const list: readonly Json[] = Array.isArray(containers) ? containers : [];
  const names = containerNames(document);
  const kept = list.flatMap((container: Json) => {
    const name = isObject(container) ? container['name'] : undefined;
    const patch = typeof name === 'string' && Object.hasOwn(patches, name) ? patches[name] : undefined;
    if (patch === undefined || !isObject(container)) return [container];
    return isObject(patch) ? [mergeObjects(container, patch)] : [];
  });
  const added = Object.entries(patches).flatMap(([name, patch]) =>
    !names.includes(name) && isObject(patch) && hasImage(name, patch, images)
      ? [mergeObjects({ name }, patch)]
      : [],
  );
  return { ...document, containerDefinitions: [...kept, ...added] };
}

/** What a patch and another part of the request both set would depend on their order. */
function setTwice({ patch, images, environment, secrets }: Patches): readonly Mistake[] {
  const containers = patch['containerDefinitions'];
  if (!isObject(containers)) return [];
  const parts = {
    images: ['image', images],
    environment: ['environment', environment],
    secrets: ['secrets', secrets],
  } as const;
  return Object.entries(parts).flatMap(([part, [member, set]]) =>
    Object.keys(set).flatMap((name) => {
      const container = Object.hasOwn(containers, name) ? containers[name] : undefined;
      return isObject(container) && container[member] !== undefined
        ? [
            {
              path: `patch.containerDefinitions.${name}.${member}`,
              problem: `is set by ${part}.${name} too; keep one of them`,
            },
          ]
        : [];
    }),
  );
}

function placed(patch: JsonObject, mistakes: readonly ShapeMistake[]): readonly Mistake[] {
  return mistakes.map(({ keys, problem }) => ({ path: `patch.${pathIn(patch, keys)}`, problem }));
}
