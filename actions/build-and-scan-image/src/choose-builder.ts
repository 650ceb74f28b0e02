import type { ImageBuilder } from '@tenant-delivery/oci/builder';
import { failures as ociFailures } from '@tenant-delivery/oci/failures';
import { splitReference } from '@tenant-delivery/oci/reference';
import type { Job } from './job.ts';

/**
 * Why buildx cannot build here, or `undefined`. Docker takes half a second to say it, so it is asked while the sources are
 * looked at.
 */
export async function askForBuildx({ given, world, admission }: Job): Promise<string | undefined> {
  const { builders } = world;
  if (given.builder === 'own') return undefined;
  return admission.environment.build ? builders.engineUnavailable() : builders.buildxUnavailable();
}

/**
 * The builder that was asked for; `auto` takes buildx where it can export a layout, and our own otherwise. Where the
 * contract names an image of BuildKit, buildx has a builder of that image and no other.
 */
export async function chooseBuilder(
  { given, world, admission, repository }: Job,
  buildx: Promise<string | undefined>,
): Promise<ImageBuilder> {
  const { builders, runner } = world;
  const { login, writer } = repository.connection;
  const asked = given.builder;
  if (asked === 'own') return builders.own(repository.reader);
  const why = await buildx;
  if (why === undefined) {
    const { build } = admission.environment;
    if (build === undefined) return builders.buildx(login);
    const image = inRegistry(build.builder, writer.host);
    runner.info(`A builder is made for this build alone, from the image that the contract names: ${image}`);
    return builders.made(login, image);
  }
  if (asked === 'buildx') throw ociFailures.builderUnavailable(why);
  runner.info(`Docker buildx is not used: ${why}. The built-in builder is.`);
  return builders.own(repository.reader);
}

/** Without a host it is a repository of the account's own registry, as everywhere in the contract. */
function inRegistry(image: string, host: string): string {
  return image.startsWith(`${splitReference(image).host}/`) ? image : `${host}/${image}`;
}
