import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { ReportFolder } from '@tenant-delivery/action-kit/report-folder';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { Workspace } from '@tenant-delivery/action-kit/workspace';
import type { PullRequestComments } from '@tenant-delivery/delivery/github-ports';
import type { CallerIdentity, DeliveryWorld } from '@tenant-delivery/delivery/world';
import type { Digest } from '@tenant-delivery/domain';
import type { Enrichment, Inspections } from '@tenant-delivery/findings/ports';

/** What looking at an image and telling of it needs, with a contract or without one. */
export interface GateWorld {
  readonly runner: Runner;
  readonly clock: Clock;
  readonly inspections: Inspections;
  readonly enrichment: Enrichment;
  readonly reports: ReportFolder;
}

/** The gate of a change. */
export interface World extends DeliveryWorld, GateWorld {
  /** The commit that this job checked out itself. */
  readonly workspace: Workspace;
}

/** The gate of any image of the job's own account. */
export interface AloneWorld extends GateWorld {
  readonly identity: CallerIdentity;
  readonly region: string;
  /** It speaks to local-aws, not to AWS. */
  readonly local: boolean;
  readonly workspace: Workspace;
  readonly repositories: Repositories;
  comments(): Promise<PullRequestComments>;
}

/** Repositories of the account's registry, by name. */
export interface Repositories {
  /** The repository's own tags, which tell who owns it; not those of its images. */
  ownTags(name: string): Promise<Readonly<Record<string, string>> | 'absent'>;
  /** The digest that an image's tag points to now. */
  digestOf(name: string, tag: string): Promise<Digest | 'absent' | 'no repository'>;
}
