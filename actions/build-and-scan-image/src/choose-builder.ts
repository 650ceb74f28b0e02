import type { ImageBuilder } from '@tenant-delivery/oci/builder';
import { failures as ociFailures } from '@tenant-delivery/oci/failures';
import { splitReference } from '@tenant-delivery/oci/reference';
import type { RegistryLogin, RegistryReader } from '@tenant-delivery/oci/registry/port';
import type { EnvironmentContract } from '@tenant-delivery/tenancy/contract';
import type { BuildInputs } from './inputs.ts';
import type { Builders } from './ports.ts';

interface Registry {
  readonly writer: RegistryReader;
  readonly login: RegistryLogin;
}

/**
 * The builder that was asked for; `auto` takes buildx where it can export a layout, and our own otherwise. Where the
 * contract names an image of BuildKit, buildx has a builder of that image and no other.
 */
export async function chooseBuilder(
  { builder: asked }: Pick<BuildInputs, 'builder'>,
  { build }: Pick<EnvironmentContract, 'build'>,
  builders: Builders,
  registry: Registry,
  say: (line: string) => void,
): Promise<ImageBuilder> {
  if (asked === 'own') return builders.own(registry.writer);
  const image = build && inRegistry(build.builder, registry.writer.host);
  const why = await (image === undefined ? builders.buildxUnavailable() : builders.engineUnavailable());
  if (why === undefined) {
    if (image === undefined) return builders.buildx(registry.login);
    say(`A builder is made for this build alone, from the image that the contract names: ${image}`);
    return builders.made(registry.login, image);
  }
  if (asked === 'buildx') throw ociFailures.builderUnavailable(why);
  say(`Docker buildx is not used: ${why}. The built-in builder is.`);
  return builders.own(registry.writer);
}

/** Without a host it is a repository of the account's own registry, as everywhere in the contract. */
function inRegistry(image: string, host: string): string {
  return image.startsWith(`${splitReference(image).host}/`) ? image : `${host}/${image}`;
}
