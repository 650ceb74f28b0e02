import type { Verdict } from '../check.ts';
import type { Seen } from '../observed.ts';
import { combined, fail, pass, seen, warn } from '../verdict.ts';

/** An image in the registry, by the platforms that its manifest names. */
export interface StoredImage {
  readonly children: readonly { readonly platform: string; readonly digest: string }[];
}

export interface ObservedImages {
  /** The task definition names no processor, and tasks need not run on Fargate: the instances decide. */
  readonly instancesDecide: boolean;
  /** As images name it, `linux/amd64`; `undefined` when the task definition names one that images have no word for. */
  readonly platform: string | undefined;
  readonly images: readonly {
    readonly container: string;
    readonly image: string;
    /** `elsewhere`: of another registry, or named by a tag, and not looked at. */
    readonly stored: Seen<StoredImage | 'absent'> | 'elsewhere';
  }[];
}

export function judgeImages(
  { platform, images, instancesDecide }: ObservedImages,
  contracted: boolean,
): Verdict {
  if (platform === undefined) {
    return fail(
      'the task definition names a platform that images have no word for',
      'Correct runtimePlatform in the task definition.',
    );
  }
  const each = images.map(({ container, image, stored }) => {
    if (stored === 'elsewhere') return pass(`${container}: ${image} is not in this registry, not looked at`);
    return seen(stored, (found) => {
      if (found === 'absent') {
        return fail(
          `${container}: the registry holds no ${image}`,
          'Deliver again so that the image is built and pushed; check that no lifecycle rule removes what is in use.',
        );
      }
      const platforms = found.children.map((child) => child.platform);
      if (platforms.some((has) => runsOn(has, platform))) {
        return pass(`${container}: ${image} is there for ${platform}`);
      }
      if (platforms.some((has) => !has.includes('/')))
        return pass(
          `${container}: ${image} is there; no manifest says for which platform, and tasks run on ${platform}`,
        );
      const differs = `${container}: ${image} is for ${platforms.join(', ') || 'no platform'}`;
      return instancesDecide && !contracted && platforms.length > 0
        ? warn(
            `${differs}, and the task definition does not say which processor its instances have`,
            'Name it in runtimePlatform, so that tasks start only where the image runs.',
          )
        : fail(
            `${differs}, tasks run on ${platform}`,
            "Build the image for the service's platform, or change runtimePlatform in the task definition.",
          );
    });
  });
  return combined(each, 'no image is named');
}

/** An image for `linux/arm64/v8` runs where `linux/arm64` is wanted. */
function runsOn(has: string, wants: string): boolean {
  return has === wants || has.startsWith(`${wants}/`);
}
