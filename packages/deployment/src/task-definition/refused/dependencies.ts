import type { Mistake } from '@tenant-delivery/action-kit/document';
import { nearest } from '@tenant-delivery/domain';
import type { TaskDefinitionDocument } from '../../observed.ts';
import { networkOf, objectIn, objectsIn, type Placed, placedContainers, textOf, textsIn } from './reading.ts';

/** What containers take from one another: their start, their volumes, their links. */
export function dependencyMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  const containers = placedContainers(document);
  return [
    ...containers.flatMap((placed) => [
      ...unknownIn(placed, 'dependsOn', 'containerName', containers),
      ...unknownIn(placed, 'volumesFrom', 'sourceContainer', containers),
      ...conditionMistakes(placed, containers),
      ...linkMistakes(placed, containers, networkOf(document)),
    ]),
    ...cycleMistakes(containers),
  ];
}

function unknownIn(
  { path: at, container }: Placed,
  list: string,
  member: string,
  containers: readonly Placed[],
): readonly Mistake[] {
  return objectsIn(container[list]).flatMap((entry) =>
    unknown(`${at}.${list}`, textOf(entry[member]) ?? '', containers),
  );
}

function unknown(path: string, name: string, containers: readonly Placed[]): readonly Mistake[] {
  const names = containers.map((each) => each.name);
  if (names.includes(name)) return [];
  const near = nearest(name, names);
  const problem = `names ${JSON.stringify(name)}, which is not there${near ? `; did you mean ${near}?` : ''}`;
  return [{ path, problem }];
}

function conditionMistakes(
  { path: at, container }: Placed,
  containers: readonly Placed[],
): readonly Mistake[] {
  const path = `${at}.dependsOn`;
  return objectsIn(container['dependsOn']).flatMap(({ containerName, condition }) => {
    const on = containers.find(({ name }) => name === containerName);
    if (!on) return [];
    if ((condition === 'COMPLETE' || condition === 'SUCCESS') && on.container['essential'] !== false)
      return [{ path, problem: `waits for the end of ${on.name}; set essential of ${on.name} to false` }];
    if (condition === 'HEALTHY' && objectIn(on.container['healthCheck']) === undefined)
      return [{ path, problem: `waits for ${on.name} to be healthy; give ${on.name} a healthCheck` }];
    return [];
  });
}

function linkMistakes(
  { path: at, container }: Placed,
  containers: readonly Placed[],
  mode: string,
): readonly Mistake[] {
  const path = `${at}.links`;
  const links = textsIn(container['links']);
  const problem = `are not there with networkMode ${mode}; containers of a task reach each other at localhost`;
  return [
    ...(links.length > 0 && mode !== 'bridge' ? [{ path, problem }] : []),
    ...links.flatMap((link) =>
      /^[\w-]{1,255}(:[\w-]{1,255})?$/.test(link)
        ? unknown(path, link.split(':')[0] ?? '', containers)
        : [{ path, problem: `have ${JSON.stringify(link)}; write name or name:alias` }],
    ),
  ];
}

/** Containers that wait for one another in a circle: each that can be taken away, because it waits for nothing, is. */
function cycleMistakes(containers: readonly Placed[]): readonly Mistake[] {
  const waiting = new Map(
    containers.map(({ name, container }) => [
      name,
      objectsIn(container['dependsOn']).flatMap(({ containerName }) => textOf(containerName) ?? []),
    ]),
  );
  for (let before = -1; before !== waiting.size; ) {
    before = waiting.size;
    for (const [name, others] of waiting)
      if (!others.some((other) => waiting.has(other))) waiting.delete(name);
  }
  if (waiting.size === 0) return [];
  const problem = `wait for one another in a circle: ${[...waiting.keys()].join(', ')}`;
  return [{ path: 'containerDefinitions', problem }];
}
