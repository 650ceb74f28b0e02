import type { Repository } from './repository.ts';
import type { User } from './user.ts';

/** A release of GitHub: a page about a tag, with files. */
export interface Release {
  readonly id: number;
  readonly author: User;
  readonly createdAt: number;
  tag: string;
  /** Where the tag is made if it isn't there when the release is published. */
  target: string;
  name: string;
  body: string;
  draft: boolean;
  prerelease: boolean;
  /** It was published while immutable releases were switched on: its tag and files stay. */
  immutable: boolean;
  publishedAt: number | null;
  readonly assets: Asset[];
}

export interface Asset {
  readonly id: number;
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly uploader: User;
  readonly createdAt: number;
}

/** The published release of a tag. Drafts have none yet, whatever they will be called. */
export function releaseOf({ releases }: Repository, tag: string): Release | undefined {
  return releases.find((release) => !release.draft && release.tag === tag);
}
