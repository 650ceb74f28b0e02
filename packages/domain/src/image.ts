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
