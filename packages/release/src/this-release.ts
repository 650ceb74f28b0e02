import { repositoryName, versionHere } from './this-repository.ts';

interface Release {
  /** `owner/name` of the provider's repository. */
  readonly repository: string;
  readonly version: string;
}

/** The build writes it in the place of this name, because a release has no package.json (`build.ts`). */
declare const BUNDLED_RELEASE: Release | undefined;

/** Which release this command belongs to: the one that it was built for, or the work tree that it runs in. */
export function thisRelease(): Release {
  if (typeof BUNDLED_RELEASE !== 'undefined') return BUNDLED_RELEASE;
  return { repository: repositoryName(), version: versionHere() };
}

/** Its tag; absent before the first release. */
export function thisTag(): string | undefined {
  const { version } = thisRelease();
  return version === '0.0.0' ? undefined : `v${version}`;
}
