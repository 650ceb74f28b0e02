import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { TaskDefinitionDocument } from '../observed.ts';
import { isImage } from '../plan/deploy-request.ts';
import { dependencyMistakes } from './refused/dependencies.ts';
import { deviceMistakes } from './refused/devices.ts';
import { healthCheckMistakes } from './refused/health-checks.ts';
import { kernelMistakes } from './refused/kernel.ts';
import { logMistakes } from './refused/logs.ts';
import { missingMembers } from './refused/members.ts';
import { nameMistakes } from './refused/names.ts';
import { constraintMistakes, platformMistakes } from './refused/platforms.ts';
import { portMistakes } from './refused/ports.ts';
import { proxyMistakes } from './refused/proxy.ts';
import { objectsIn, placedContainers, repeatedIn, textOf } from './refused/reading.ts';
import { secretMistakes } from './refused/secrets.ts';
import { sizeMistakes } from './refused/sizes.ts';
import { volumeMistakes } from './refused/volumes.ts';
import { windowsMistakes } from './refused/windows.ts';
import { unfilledMistakes } from './unfilled.ts';

/**
 * What AWS would refuse in a task definition as it would be registered, or would run differently from what it says. A
 * mistake that the running revision already has, word for word, does not count: this change did not bring it.
 */
export function taskDefinitionMistakes(
  document: TaskDefinitionDocument,
  current: TaskDefinitionDocument,
  tags: 'refused' | 'left to ECS' = 'refused',
): readonly Mistake[] {
  const had = new Set(mistakesOf(current, 'refused').map(said));
  return mistakesOf(document, tags).filter((mistake) => !had.has(said(mistake)));
}

function said({ path, problem }: Mistake): string {
  return `${path}\n${problem}`;
}

function mistakesOf(document: TaskDefinitionDocument, tags: 'refused' | 'left to ECS'): readonly Mistake[] {
  const unfilled = unfilledMistakes(document);
  const named = new Set(unfilled.map(({ path }) => path));
  const refused = [...unfilled, ...refusedByEcs(document).filter(({ path }) => !named.has(path))];
  const places = new Set(refused.map(({ path }) => path));
  const moving = tags === 'refused' ? movingMistakes(document).filter(({ path }) => !places.has(path)) : [];
  return [...refused, ...moving, ...variableMistakes(document)];
}

const REFUSED = [
  nameMistakes,
  missingMembers,
  sizeMistakes,
  secretMistakes,
  dependencyMistakes,
  volumeMistakes,
  portMistakes,
  healthCheckMistakes,
  logMistakes,
  platformMistakes,
  constraintMistakes,
  kernelMistakes,
  deviceMistakes,
  windowsMistakes,
  proxyMistakes,
] as const;

/** What RegisterTaskDefinition refuses of a document of the right shape, all of it. ECS itself says one at a time. */
export function refusedByEcs(document: TaskDefinitionDocument): readonly Mistake[] {
  return REFUSED.flatMap((mistakes) => mistakes(document));
}

/** ECS takes a tag; a delivery does not, because what it names may be another image tomorrow. */
function movingMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  return placedContainers(document).flatMap(({ path, name, container }) => {
    const image = textOf(container['image']);
    if (name === '' || !image || isImage(image)) return [];
    const problem = `is ${JSON.stringify(image)}; must be an image by its digest, repository@sha256:…: a tag may move. Or set it in \`images\``;
    return [{ path: `${path}.image`, problem }];
  });
}

/** ECS takes a variable that is there twice, and the last one wins. The same value twice is no question. */
function variableMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  return placedContainers(document).flatMap(({ path, container }) => {
    const variables = new Set(
      objectsIn(container['environment']).map(({ name, value }) => JSON.stringify([name, value])),
    );
    const names = [...variables].flatMap((variable) => textOf(JSON.parse(variable)[0]) ?? []);
    return repeatedIn(names).map((name) => ({
      path: `${path}.environment.${name}`,
      problem: 'is there twice, with two values',
    }));
  });
}
