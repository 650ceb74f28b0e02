import { afterAll } from '@jest/globals';
import { actAsReleasedIn } from '@tenant-delivery/action-kit/release-file';
import { localRelease } from '@tenant-delivery/local-platform/local-release';

/** Lets the sources that this suite runs act as a copy of the release that speaks to local-aws. */
export function actAsLocalCopy(): void {
  afterAll(actAsReleasedIn(localRelease()));
}
