import type { Json } from '@tenant-delivery/domain';
import type { JsonObject } from '../json.ts';
import type { TaskDefinitionDocument } from '../observed.ts';
import { containersOf, isObject } from '../task-definition/task-definition.ts';
import type { DeployRequest } from './deploy-request.ts';

/** What a request, or the task definition that it starts from, writes as the image of a container. */
export interface WrittenImage {
  readonly container: string;
  /** By digest or by tag. */
  readonly image: string;
  readonly writtenIn: 'images' | 'patch' | 'task definition';
}

/**
 * The image of each container as it would run, and where it is written. `images` is the input of that name, in which an
 * image may have a tag; it wins over the patch, and the patch over the task definition.
 */
export function imagesOf(
  request: Pick<DeployRequest, 'source' | 'patch'>,
  images: Readonly<Record<string, string>>,
  running: TaskDefinitionDocument,
): readonly WrittenImage[] {
  const base = request.source.kind === 'document' ? request.source.document : running;
  const start = new Map(containersOf(base).map((each) => [String(each['name']), each['image']]));
  const patches = patchesIn(request.patch);
  const names = new Set([...start.keys(), ...patches.keys(), ...Object.keys(images)]);
  return [...names].flatMap((container): WrittenImage[] => {
    const patch = patches.get(container);
    if (patch === null) return []; // the container is taken out
    const patched = isObject(patch) ? patch['image'] : undefined;
    const places = [
      ['images', Object.hasOwn(images, container) ? images[container] : undefined],
      ['patch', patched],
      ['task definition', start.get(container)],
    ] as const;
    const found = places.find(([, image]) => image !== undefined && image !== null);
    return typeof found?.[1] === 'string' ? [{ container, image: found[1], writtenIn: found[0] }] : [];
  });
}

/** The same request, which names these images, by container, and no other for those containers. */
export function withImages(
  request: DeployRequest,
  images: readonly { readonly container: string; readonly image: string; readonly writtenIn: string }[],
): DeployRequest {
  const patched = new Set(images.flatMap((each) => (each.writtenIn === 'patch' ? [each.container] : [])));
  const { containerDefinitions } = request.patch;
  const containers = isObject(containerDefinitions)
    ? Object.fromEntries(
        Object.entries(containerDefinitions).map(([name, patch]) => [
          name,
          patched.has(name) && isObject(patch) ? withoutImage(patch) : patch,
        ]),
      )
    : containerDefinitions;
  return {
    ...request,
    images: {
      ...request.images,
      ...Object.fromEntries(images.map(({ container, image }) => [container, image])),
    },
    patch: {
      ...request.patch,
      ...(containers !== undefined && { containerDefinitions: containers }),
    },
  };
}

function patchesIn({ containerDefinitions: containers }: JsonObject): ReadonlyMap<string, Json> {
  return new Map(isObject(containers) ? Object.entries(containers) : []);
}

function withoutImage({ image: _, ...patch }: JsonObject): JsonObject {
  return patch;
}
