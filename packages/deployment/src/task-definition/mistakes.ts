import type { Mistake } from '@tenant-delivery/action-kit/document';
import { type Json, nearest } from '@tenant-delivery/domain';
import type { JsonObject } from '../json.ts';
import type { TaskDefinitionDocument } from '../observed.ts';
import { isImage } from '../plan/deploy-request.ts';
import { fargateMistakes } from './fargate-sizes.ts';
import { containersOf, isObject } from './task-definition.ts';
import { mebibytes } from './task-sizes.ts';

/**
 * What AWS would refuse in a task definition as it would be registered, or would run differently from what it says. A
 * mistake that the running revision already has, word for word, does not count: this change did not bring it.
 */
export function taskDefinitionMistakes(
  document: TaskDefinitionDocument,
  current: TaskDefinitionDocument,
): readonly Mistake[] {
  const had = new Set(mistakesOf(current).map(said));
  return mistakesOf(document).filter((mistake) => !had.has(said(mistake)));
}

function said({ path, problem }: Mistake): string {
  return `${path}\n${problem}`;
}

function mistakesOf(document: TaskDefinitionDocument): readonly Mistake[] {
  const containers = containersOf(document);
  const path = 'containerDefinitions';
  const essential =
    containers.length === 0 || containers.some((container) => container['essential'] !== false);
  return [
    ...(containers.length === 0 ? [{ path, problem: 'has no container' }] : []),
    ...(essential ? [] : [{ path, problem: 'has no essential container; ECS needs one' }]),
    ...twice(path, containers),
    ...containers.flatMap((container, at) => containerMistakes(document, container, at)),
    ...fargateMistakes(document),
  ];
}

function containerMistakes(
  document: TaskDefinitionDocument,
  container: JsonObject,
  at: number,
): readonly Mistake[] {
  const name = container['name'];
  if (typeof name !== 'string' || name === '')
    return [{ path: `containerDefinitions.${at}`, problem: 'has no name' }];
  const path = `containerDefinitions.${name}`;
  return [
    ...imageMistakes(`${path}.image`, container['image']),
    ...memoryMistakes(path, container, mebibytes(document['memory'])),
    ...variableMistakes(path, container),
    ...unknownNames(
      `${path}.dependsOn`,
      container['dependsOn'],
      'containerName',
      document['containerDefinitions'],
    ),
    ...unknownNames(`${path}.mountPoints`, container['mountPoints'], 'sourceVolume', document['volumes']),
  ];
}

function imageMistakes(path: string, image: Json | undefined): readonly Mistake[] {
  if (typeof image !== 'string') return [{ path, problem: 'is missing' }];
  if (isImage(image)) return [];
  const problem = `is ${JSON.stringify(image)}; must be an image by its digest, repository@sha256:…: a tag may move. Or set it in \`images\``;
  return [{ path, problem }];
}

function memoryMistakes(path: string, container: JsonObject, task: number | undefined): readonly Mistake[] {
  const [memory, reserved] = [mebibytes(container['memory']), mebibytes(container['memoryReservation'])];
  const above = (member: string, size: number | undefined, limit: number | undefined, whose: string) =>
    size !== undefined && limit !== undefined && size > limit
      ? [{ path: `${path}.${member}`, problem: `is ${size} MiB, above the ${limit} MiB of the ${whose}` }]
      : [];
  return [
    ...above('memory', memory, task, 'task'),
    ...above('memoryReservation', reserved, memory ?? task, memory === undefined ? 'task' : 'container'),
  ];
}

/** A name that is a variable and a secret at once is refused by ECS; one that is there twice wins by its place. */
function variableMistakes(path: string, container: JsonObject): readonly Mistake[] {
  const variables = new Set(named(container['environment']));
  return [
    ...twice(`${path}.environment`, container['environment']),
    ...twice(`${path}.secrets`, container['secrets']),
    ...named(container['secrets'])
      .filter((name) => variables.has(name))
      .map((name) => ({
        path: `${path}.secrets.${name}`,
        problem: 'is a variable of `environment` too; take it out there',
      })),
  ];
}

function twice(path: string, list: Json | undefined): readonly Mistake[] {
  const names = named(list);
  const repeated = new Set(names.filter((name, at) => names.indexOf(name) !== at));
  return [...repeated].map((name) => ({ path: `${path}.${name}`, problem: 'is there twice' }));
}

function unknownNames(
  path: string,
  list: Json | undefined,
  member: string,
  known: Json | undefined,
): readonly Mistake[] {
  const names = named(known);
  return (Array.isArray(list) ? list : []).flatMap((entry: Json) => {
    const name = isObject(entry) ? entry[member] : undefined;
    if (typeof name !== 'string' || names.includes(name)) return [];
    const near = nearest(name, names);
    const problem = `names ${JSON.stringify(name)}, which is not there${near ? `; did you mean ${near}?` : ''}`;
    return [{ path, problem }];
  });
}

function named(list: Json | undefined): readonly string[] {
  return (Array.isArray(list) ? list : []).flatMap((entry: Json) =>
    isObject(entry) && typeof entry['name'] === 'string' ? [entry['name']] : [],
  );
}
