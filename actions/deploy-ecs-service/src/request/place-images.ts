import type { Mistake } from '@tenant-delivery/action-kit/document';
import { type DeployRequest, isImage } from '@tenant-delivery/deployment/plan/deploy-request';
import { imagesOf } from '@tenant-delivery/deployment/plan/image-names';
import { parseImage, parseTaggedImage } from '@tenant-delivery/domain';
import type { ObservedService } from '../plan/observe-service.ts';
import type { ServiceRequest } from './service-request.ts';

interface Placed {
  readonly request: DeployRequest;
  readonly tagged: ServiceRequest['tagged'];
  readonly mistakes: readonly Mistake[];
}

/** Gives each image without a container to the one container of the task definition that runs an image of its repository. */
export function placeImages(
  request: DeployRequest,
  { tagged, unplaced }: Pick<ServiceRequest, 'tagged' | 'unplaced'>,
  { current }: Pick<ObservedService, 'current'>,
): Placed {
  const written = imagesOf(request, {}, current.document);
  const found = unplaced.map((image) => {
    const repository = repositoryOf(image);
    const fitting = written.filter((each) => repositoryOf(each.image) === repository);
    return { image, containers: fitting.map(({ container }) => container) };
  });
  const given = [...Object.keys(request.images), ...Object.keys(tagged ?? {})];
  const names = found.flatMap(({ containers }) => (containers.length === 1 ? containers : []));
  const placed = found.flatMap(({ image, containers: [container = '', ...others] }) =>
    container === '' || others.length > 0 ? [] : [[container, image] as const],
  );
  return {
    request: {
      ...request,
      images: { ...request.images, ...Object.fromEntries(placed.filter(([, image]) => isImage(image))) },
    },
    tagged: tagged && {
      ...tagged,
      ...Object.fromEntries(placed.filter(([, image]) => !isImage(image))),
    },
    mistakes: [
      ...found.flatMap(({ image, containers }) =>
        containers.length === 1
          ? []
          : [
              {
                path: 'images',
                problem: whyNowhere(
                  image,
                  containers,
                  written.map((each) => each.container),
                ),
              },
            ],
      ),
      ...names
        .filter((name, at) => given.includes(name) || names.indexOf(name) < at)
        .map((name) => ({ path: `images.${name}`, problem: 'has two images; leave one of them out' })),
    ],
  };
}

function whyNowhere(image: string, fitting: readonly string[], all: readonly string[]): string {
  const repository = repositoryOf(image);
  const which =
    fitting.length === 0
      ? `no container runs an image of ${repository}; there are ${all.join(', ') || 'none'}`
      : `${fitting.join(' and ')} run images of ${repository}`;
  return `${which}: write the container in front, \`container=${image}\``;
}

function repositoryOf(image: string): string {
  const named = parseImage(image)?.repositoryUri ?? image;
  return parseTaggedImage(named)?.repositoryUri ?? named;
}
