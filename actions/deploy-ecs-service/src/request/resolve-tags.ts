import type { Mistake } from '@tenant-delivery/action-kit/document';
import { type DeployRequest, isImage } from '@tenant-delivery/deployment/plan/deploy-request';
import { imagesOf, type WrittenImage, withImages } from '@tenant-delivery/deployment/plan/image-names';
import type { ServiceRef } from '@tenant-delivery/deployment/service-ref';
import {
  formatImage,
  type Image,
  isOwnRegistry,
  parseImage,
  parseTaggedImage,
  type TaggedImage,
} from '@tenant-delivery/domain';
import type { AloneWorld } from '../deploy-world.ts';
import type { ObservedService } from '../plan/observe-service.ts';

type RegistryPorts = Pick<AloneWorld, 'repositories' | 'local'>;

/** A tag, and the image that it pointed to when this run asked. */
export interface ResolvedTag {
  readonly container: string;
  /** As it was written. */
  readonly tagged: string;
  readonly image: Image;
}

/** A request without tags that could be resolved, and what was wrong with others. */
export interface Resolution {
  readonly request: DeployRequest;
  readonly resolved: readonly ResolvedTag[];
  readonly mistakes: readonly Mistake[];
}

/**
 * Asks ECR once which image each tag points to, and names that image by its digest from here on. A tag of another
 * registry is a mistake in `images`; in a task definition it is left to ECS. An answer that did not come is thrown.
 */
export async function resolveTags(
  ports: RegistryPorts,
  ref: ServiceRef,
  request: DeployRequest,
  tagged: Readonly<Record<string, string>>,
  { current }: Pick<ObservedService, 'current'>,
): Promise<Resolution> {
  const asked = new Map<string, ReturnType<typeof lookUp>>();
  const written = imagesOf(request, { ...request.images, ...tagged }, current.document).filter(
    ({ image }) => !isImage(image),
  );
  const looked = await Promise.all(
    written.map(async (each) => {
      const looking = asked.get(each.image) ?? lookUp(ports, ref, each.image);
      asked.set(each.image, looking);
      return { written: each, found: await looking };
    }),
  );
  const resolved = looked.flatMap(({ written, found }) =>
    found.kind === 'image' ? [{ ...written, tagged: written.image, found: found.image }] : [],
  );
  return {
    request: withImages(
      request,
      resolved.map((each) => ({ ...each, image: formatImage(each.found) })),
    ),
    resolved: resolved.map(({ container, tagged, found }) => ({ container, tagged, image: found })),
    mistakes: looked.flatMap(({ written, found }) => {
      if (found.kind === 'image' || (found.kind === 'elsewhere' && written.writtenIn !== 'images')) return [];
      return [{ path: placeOf(written, request), problem: found.problem }];
    }),
  };
}

/** One line for each tag, for the log. */
export function sayResolved({ container, tagged, image }: ResolvedTag): string {
  return `${container}: ${tagged} is ${image.digest}`;
}

type Found =
  | { readonly kind: 'image'; readonly image: Image }
  /** This registry does not have it. */
  | { readonly kind: 'absent'; readonly problem: string }
  /** It is not this registry's to know. */
  | { readonly kind: 'elsewhere'; readonly problem: string };

async function lookUp(ports: RegistryPorts, ref: ServiceRef, image: string): Promise<Found> {
  const named = parseImage(image);
  const tagged = parseTaggedImage(named?.repositoryUri ?? image);
  if (!tagged)
    return {
      kind: 'elsewhere',
      problem: 'is no image: write REGISTRY/REPOSITORY@sha256:…, or REGISTRY/REPOSITORY:TAG',
    };
  const { repositoryUri } = tagged;
  // A tag beside a digest says nothing: the digest is what a task starts.
  return named
    ? { kind: 'image', image: { repositoryUri, digest: named.digest } }
    : askRegistry(ports, ref, tagged);
}

async function askRegistry(
  { repositories, local }: RegistryPorts,
  { target }: ServiceRef,
  { repositoryUri, tag }: TaggedImage,
): Promise<Found> {
  const { account, region } = target;
  const [host = '', ...path] = repositoryUri.split('/');
  if (path.length === 0 || !isOwnRegistry(host, target, local))
    return {
      kind: 'elsewhere',
      problem: `is ${repositoryUri}:${tag}, which is not in the registry of account ${account} in ${region}, the only one that is asked; write its digest, repository@sha256:…, as \`docker buildx imagetools inspect\` tells it`,
    };
  const name = path.join('/');
  const digest = await repositories.digestOf(name, tag);
  const registry = `the registry of account ${account} in ${region}`;
  if (digest === 'no repository') return { kind: 'absent', problem: `${registry} has no repository ${name}` };
  if (digest === 'absent')
    return { kind: 'absent', problem: `${registry} has no image with the tag ${tag} in ${name}` };
  return { kind: 'image', image: { repositoryUri, digest } };
}

function placeOf({ container, writtenIn }: WrittenImage, { source }: DeployRequest): string {
  if (writtenIn === 'images') return `images.${container}`;
  const place = `containerDefinitions.${container}.image`;
  if (writtenIn === 'patch') return `patch.${place}`;
  return source.kind === 'document' ? `source.document.${place}` : place;
}
