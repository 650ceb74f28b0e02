import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { BuildRequest, Built, ImageBuilder } from '@tenant-delivery/oci/builder';
import { failures as ociFailures } from '@tenant-delivery/oci/failures';
import { type PlatformImage, platformsOf } from '@tenant-delivery/oci/platforms';
import type { Prepared } from './prepare.ts';
import type { SourceInputs } from './source-inputs.ts';

/** The parts of a request that only inputs and sources decide. */
export function requestFrom(
  given: SourceInputs,
  prepared: Prepared,
): Omit<BuildRequest, 'labels' | 'epoch' | 'output'> {
  const { dockerfileFolder, ...where } = prepared.where;
  return {
    ...where,
    ...(dockerfileFolder !== undefined && { dockerfileFolder }),
    platforms: given.platforms,
    ...(given.target !== undefined && { target: given.target }),
    buildArgs: prepared.buildArgs,
    argumentsInVariables: prepared.argumentsInVariables,
    base: prepared.base,
    contexts: prepared.contexts,
    secrets: prepared.secrets,
    ...(Object.keys(given.annotations).length > 0 && { annotations: given.annotations }),
  };
}

/** Builds, and looks at whether the image has the platforms that were asked for. */
export async function buildWith(
  builder: ImageBuilder,
  runner: Runner,
  request: BuildRequest,
): Promise<Built & { readonly platforms: readonly PlatformImage[] }> {
  const built = await runner.group(
    `Build the image with ${builder.name === 'own' ? 'the built-in builder' : 'Docker buildx'}`,
    () => builder.build(request),
  );
  const platforms = platformsOf(built.root, built.layout.readBlob);
  const made = platforms.map(({ platform }) => platform).sort();
  if (made.join() !== request.platforms.join()) {
    throw ociFailures.buildFailed(
      builder.name,
      `it made ${made.join(', ') || 'no platform'} instead of ${request.platforms.join(', ')}`,
    );
  }
  if (runner.cancelled.aborted) throw ociFailures.buildFailed(builder.name, 'the job was cancelled');
  return { ...built, platforms };
}
