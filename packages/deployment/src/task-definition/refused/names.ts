import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { TaskDefinitionDocument } from '../../observed.ts';
import { containersOf } from '../task-definition.ts';
import { placedContainers, repeatedIn, textOf } from './reading.ts';

const NAME = /^[\w-]{1,255}$/;
const IMAGE = /^[\w\-:./#]+(@sha256:[0-9a-fA-F]{64})?$/;
const MOST_CONTAINERS = 10;
const LARGEST = 65_536; // bytes of JSON

/** Family, containers, their names and images. */
export function nameMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  const family = textOf(document['family']) ?? '';
  const bytes = Buffer.byteLength(JSON.stringify(document));
  return [
    ...(family === '' || NAME.test(family)
      ? []
      : [
          {
            path: 'family',
            problem: 'is no name of a family: up to 255 letters, digits, underscores and hyphens',
          },
        ]),
    ...listMistakes(document),
    ...placedContainers(document).flatMap(({ path, name, container }) => {
      if (name === '') return [{ path, problem: 'has no name' }];
      const named = NAME.test(name)
        ? []
        : [{ path, problem: 'has no valid name: up to 255 letters, digits, underscores and hyphens' }];
      return [...named, ...imageMistakes(`${path}.image`, textOf(container['image']))];
    }),
    ...(bytes > LARGEST
      ? [
          {
            path: '',
            problem: `is ${bytes} bytes of JSON; ECS takes ${LARGEST}: move what is large into files`,
          },
        ]
      : []),
  ];
}

function listMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  const path = 'containerDefinitions';
  const containers = containersOf(document);
  if (containers.length === 0) return [{ path, problem: 'has no container' }];
  const names = containers.flatMap(({ name }) => textOf(name) ?? []);
  return [
    ...(containers.some(({ essential }) => essential !== false)
      ? []
      : [{ path, problem: 'has no essential container; ECS needs one' }]),
    ...(containers.length > MOST_CONTAINERS
      ? [{ path, problem: `has ${containers.length} containers; ECS takes ${MOST_CONTAINERS}` }]
      : []),
    ...repeatedIn(names).map((name) => ({ path: `${path}.${name}`, problem: 'is there twice' })),
  ];
}

function imageMistakes(path: string, image: string | undefined): readonly Mistake[] {
  if (image === undefined || image === '') return [{ path, problem: 'is missing' }];
  const [repository = ''] = image.split('@');
  if (!IMAGE.test(image))
    return [
      { path, problem: 'is no image: repository:tag, or repository@sha256: and 64 hexadecimal digits' },
    ];
  return repository.length > 255 ? [{ path, problem: 'has more than 255 characters before its digest' }] : [];
}
