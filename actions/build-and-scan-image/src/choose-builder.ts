import {
  type ImageBuilder,
  failures as ociFailures,
  type RegistryLogin,
  type RegistryReader,
} from '@tenant-delivery/oci';
import type { Builders } from './ports.ts';

/** The builder that was asked for; `auto` takes buildx where it can export a layout, and our own otherwise. */
export async function chooseBuilder(
  asked: 'auto' | 'buildx' | 'own',
  builders: Builders,
  registry: { readonly writer: RegistryReader; readonly login: RegistryLogin },
  say: (line: string) => void,
): Promise<ImageBuilder> {
  if (asked === 'own') return builders.own(registry.writer);
  const why = await builders.buildxUnavailable();
  if (why === undefined) return builders.buildx(registry.login);
  if (asked === 'buildx') throw ociFailures.builderUnavailable(why);
  say(`Docker buildx is not used: ${why}. The built-in builder is.`);
  return builders.own(registry.writer);
}
