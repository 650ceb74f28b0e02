import type { Mistake } from '@tenant-delivery/action-kit/document';
import { type DeployRequest, isImage } from '@tenant-delivery/deployment/plan/deploy-request';
import { imagesOf, type WrittenImage } from '@tenant-delivery/deployment/plan/image-names';
import { parseImage, parseTaggedImage } from '@tenant-delivery/domain';
import type { ObservedService } from '../plan/observe-service.ts';
import type { ServiceRequest } from './service-request.ts';

interface Placed {
  readonly request: DeployRequest;
  readonly tagged: ServiceRequest['tagged'];
  /** Images of other services. */
  readonly leftOut: readonly string[];
  readonly mistakes: readonly Mistake[];
}

/** An image without a container, and the containers that run an image of its repository. */
interface Found {
  readonly image: string;
  readonly fitting: readonly WrittenImage[];
}

/**
 * Gives each image without a container to the container of the task definition that runs an image of its repository, or to several
 * that run the same one. With `unused: 'leave-out'` an image that fits none is of another service, as long as one fits.
 */
export function placeImages(
  request: DeployRequest,
  { tagged, unplaced }: Pick<ServiceRequest, 'tagged' | 'unplaced'>,
  { current }: Pick<ObservedService, 'current'>,
  unused: 'fail' | 'leave-out',
): Placed {
  const written = imagesOf(request, {}, current.document);
  const found = unplaced.map((image): Found => {
    const repository = repositoryOf(image);
    return { image, fitting: written.filter((each) => repositoryOf(each.image) === repository) };
  });
  const given = [...Object.keys(request.images), ...Object.keys(tagged ?? {})];
  const placed = found
    .filter(({ fitting }) => isOne(fitting))
    .flatMap(({ image, fitting }) => fitting.map(({ container }) => [container, image] as const));
  const names = placed.map(([container]) => container);
  const none = found.filter(({ fitting }) => fitting.length === 0);
  const leaves = unused === 'leave-out' && none.length < found.length;
  const wrong = found.filter((each) => !isOne(each.fitting) && !(leaves && none.includes(each)));
  return {
    request: {
      ...request,
      images: { ...request.images, ...Object.fromEntries(placed.filter(([, image]) => isImage(image))) },
    },
    tagged: tagged && {
      ...tagged,
      ...Object.fromEntries(placed.filter(([, image]) => !isImage(image))),
    },
    leftOut: leaves ? none.map(({ image }) => image) : [],
    mistakes: [
      ...wrong.map((each) => ({ path: 'images', problem: whyNowhere(each, written) })),
      ...names
        .filter((name, at) => given.includes(name) || names.indexOf(name) < at)
        .map((name) => ({ path: `images.${name}`, problem: 'has two images; leave one of them out' })),
    ],
  };
}

/** Whether containers run one image, as it is written. */
function isOne([first, ...others]: readonly WrittenImage[]): boolean {
  return first !== undefined && others.every(({ image }) => image === first.image);
}

function whyNowhere({ image, fitting }: Found, all: readonly WrittenImage[]): string {
  const repository = repositoryOf(image);
  const running = all.map((each) => `${each.container} (${each.image})`).join(', ');
  const which =
    fitting.length === 0
      ? `no container runs an image of ${repository}; there are ${running || 'none'}`
      : `${fitting.map(({ container }) => container).join(' and ')} run different images of ${repository}`;
  return `${which}: write the container in front, \`container=${image}\``;
}

function repositoryOf(image: string): string {
  const named = parseImage(image)?.repositoryUri ?? image;
  return parseTaggedImage(named)?.repositoryUri ?? named;
}
