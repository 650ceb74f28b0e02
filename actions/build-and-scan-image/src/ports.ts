import type { DeliveryWorld } from '@tenant-delivery/delivery/world';
import type { Inspections } from '@tenant-delivery/findings/ports';
import type { ImageBuilder } from '@tenant-delivery/oci/builder';
import type { ImageRegistry, RegistryLogin, RegistryReader } from '@tenant-delivery/oci/registry/port';
import type { Clearance } from '@tenant-delivery/tenancy/clearance';

/** The checked-out source, as far as it is known: without a git folder nothing is. */
export interface Source {
  /** The commit that is checked out, and its time in seconds since 1970. */
  commit(): Promise<{ readonly sha: string; readonly seconds: number } | 'unknown'>;
}

export interface Builders {
  /** Why buildx cannot be used here as it is, or `undefined`. */
  buildxUnavailable(): Promise<string | undefined>;
  /** Why buildx could not even have a builder made for it here, or `undefined`. */
  engineUnavailable(): Promise<string | undefined>;
  buildx(login: RegistryLogin): ImageBuilder;
  /** Buildx with a builder of its own, made from this image of BuildKit. */
  made(login: RegistryLogin, image: string): ImageBuilder;
  own(registry: RegistryReader): ImageBuilder;
}

export interface World extends DeliveryWorld {
  /** A variable of the step's environment; `undefined` where it is not set. */
  variable(name: string): string | undefined;
  readonly registry: ImageRegistry<Clearance<'repository'>, Clearance<'new-repository'>>;
  readonly inspections: Inspections;
  readonly source: Source;
  readonly builders: Builders;
}
