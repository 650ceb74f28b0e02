import type { ImageBuilder } from '@tenant-delivery/oci/builder';
import { failures as ociFailures } from '@tenant-delivery/oci/failures';
import { splitReference } from '@tenant-delivery/oci/reference';
import type { BuildInputs } from './inputs.ts';
import type { Job } from './job.ts';
import type { World } from './ports.ts';

/**
 * Why buildx cannot build here, or `undefined`. Docker takes half a second to say it, so it is asked while the sources are
 * looked at.
 */
export async function askForBuildx({ given, world, admission }: Job): Promise<string | undefined> {
  const { builders } = world;
  if (given.builder === 'own') return undefined;
  return admission.environment.build ? builders.engineUnavailable() : builders.buildxUnavailable();
}

/** The builder for an image under a contract. Where the contract names an image of BuildKit, it is that one and no other. */
export async function builderOf(
  { given, world, admission, repository }: Job,
  buildx: Promise<string | undefined>,
): Promise<ImageBuilder> {
  const { builders, runner } = world;
  const { login, writer } = repository.connection;
  return chooseBuilder(runner, given.builder, await buildx, {
    own: () => builders.own(repository.reader),
    buildx: () => {
      const { build } = admission.environment;
      if (build === undefined) return builders.buildx(login);
      const image = inRegistry(build.builder, writer.host);
      runner.info(`A builder is made for this build alone, from the image that the contract names: ${image}`);
      return builders.made(login, image);
    },
  });
}

/** The builder that was asked for. `auto` takes buildx where it can export a layout, and our own where it cannot. */
export function chooseBuilder(
  runner: Pick<World['runner'], 'info'>,
  asked: BuildInputs['builder'],
  unavailable: string | undefined,
  builders: { readonly own: () => ImageBuilder; readonly buildx: () => ImageBuilder },
): ImageBuilder {
  if (asked === 'own') return builders.own();
  if (unavailable === undefined) return builders.buildx();
  if (asked === 'buildx') throw ociFailures.builderUnavailable(unavailable);
  runner.info(`Docker buildx is not used: ${unavailable}. The built-in builder is.`);
  return builders.own();
}

/** Without a host it is a repository of the account's own registry, as everywhere in the contract. */
function inRegistry(image: string, host: string): string {
  return image.startsWith(`${splitReference(image).host}/`) ? image : `${host}/${image}`;
}
