import { type Digest, isDigest } from './digest.ts';

/** An image as tasks run it: a repository and a digest, never a tag. */
export interface Image {
  /** Registry host and repository, as ECR's `repositoryUri`. */
  readonly repositoryUri: string;
  readonly digest: Digest;
}

export function formatImage(image: Image): string {
  return `${image.repositoryUri}@${image.digest}`;
}

/** `undefined` for anything that is not `repository@sha256:…`; a tag is not an image here. */
export function parseImage(text: string): Image | undefined {
  const at = text.lastIndexOf('@');
  if (at <= 0) return undefined;
  const digest = text.slice(at + 1);
  return isDigest(digest) ? { repositoryUri: text.slice(0, at), digest } : undefined;
}

/** An image by a tag, which is only a way to find it: what the tag points to may be another image tomorrow. */
export interface TaggedImage {
  readonly repositoryUri: string;
  readonly tag: string;
}

/** A host with its port, or the first part of a path; then parts of a path. */
const REPOSITORY = /^[a-z0-9][a-z0-9._-]*(:\d+)?(\/[a-z0-9][a-z0-9._-]*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** `registry/repository:tag`, where no tag means `latest`; `undefined` for anything else, an image by digest among it. */
export function parseTaggedImage(text: string): TaggedImage | undefined {
  const path = text.lastIndexOf('/') + 1;
  const colon = text.indexOf(':', path);
  const [repositoryUri, tag] = colon < 0 ? [text, 'latest'] : [text.slice(0, colon), text.slice(colon + 1)];
  return REPOSITORY.test(repositoryUri) && TAG.test(tag) ? { repositoryUri, tag } : undefined;
}
