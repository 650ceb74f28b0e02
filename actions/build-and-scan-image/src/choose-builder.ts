import {
  type ImageBuilder,
  failures as ociFailures,
  type RegistryLogin,
  type RegistryReader,
} from '@tenant-delivery/oci';
import type { BuildInputs } from './inputs.ts';
import type { Builders } from './ports.ts';

/**
 * The builder that was asked for; `auto` takes buildx where it can export a layout, and our own otherwise. Where an image
 * of BuildKit is given, a builder may be made from it instead of doing without buildx.
 */
export async function chooseBuilder(
  { builder: asked, 'buildkit-image': image }: Pick<BuildInputs, 'builder' | 'buildkit-image'>,
  builders: Builders,
  registry: { readonly writer: RegistryReader; readonly login: RegistryLogin },
  say: (line: string) => void,
): Promise<ImageBuilder> {
  if (asked === 'own') return builders.own(registry.writer);
  const why = await builders.buildxUnavailable();
  if (why === undefined) return builders.buildx(registry.login);
  if (image !== undefined) {
    say(`A builder is made for this build alone, because ${why}`);
    return builders.made(registry.login, image);
  }
  if (asked === 'buildx') throw ociFailures.builderUnavailable(why);
  say(`Docker buildx is not used: ${why}. The built-in builder is.`);
  return builders.own(registry.writer);
}
