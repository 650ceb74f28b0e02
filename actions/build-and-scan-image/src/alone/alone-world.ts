import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { CallerIdentity } from '@tenant-delivery/delivery/world';
import type { Inspections } from '@tenant-delivery/findings/ports';
import type { ImageBuilder } from '@tenant-delivery/oci/builder';
import type { Descriptor } from '@tenant-delivery/oci/descriptor';
import type { Layout } from '@tenant-delivery/oci/layout';
import type {
  RegistryLogin,
  RegistryReader,
  RegistryWriter,
  RepositoryFacts,
} from '@tenant-delivery/oci/registry/port';
import type { UncontractedRepositories } from '@tenant-delivery/tenancy/uncontracted';
import type { Source } from '../ports.ts';

/** What a build without a contract needs. */
export interface AloneWorld {
  readonly runner: Runner;
  readonly clock: Clock;
  /** A variable of the step's environment; `undefined` where it is not set. */
  variable(name: string): string | undefined;
  readonly source: Source;
  readonly builders: AloneBuilders;
  /** Nothing where the job has no AWS credentials and pushes nothing. */
  readonly aws: OwnAws | undefined;
}

/** The account, region and registry of the job's own credentials. */
export interface OwnAws {
  readonly identity: CallerIdentity;
  readonly region: string;
  /** It speaks to local-aws, not to AWS. */
  readonly local: boolean;
  readonly registry: OwnRegistry;
  readonly inspections: Inspections;
}

export interface OwnRegistry {
  /** The repository's own tags, which say who owns it; not those of its images. */
  ownTags(repository: string): Promise<Readonly<Record<string, string>> | 'absent'>;
  describe(repository: string): Promise<RepositoryFacts | 'absent'>;
  connect(permit: UncontractedRepositories): Promise<Connection>;
}

export interface Connection {
  readonly writer: RegistryWriter;
  readonly login: RegistryLogin;
}

export interface AloneBuilders {
  /** Why buildx cannot be used here, or `undefined`. */
  buildxUnavailable(): Promise<string | undefined>;
  /** Why Docker cannot load an image here, or `undefined`. */
  loadUnavailable(): Promise<string | undefined>;
  /** With this login, and those that earlier steps of the job made. */
  buildx(login: RegistryLogin | undefined): ImageBuilder;
  own(registry: RegistryReader): ImageBuilder;
  /** Loads an image into the runner's Docker under these names. */
  load(layout: Layout, root: Descriptor, names: readonly string[]): Promise<void>;
}
