import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { ReportFolder } from '@tenant-delivery/action-kit/report-folder';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { Workspace } from '@tenant-delivery/action-kit/workspace';
import type { Issues } from '@tenant-delivery/delivery/github-ports';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
import type { GithubReader, Sight } from '@tenant-delivery/provisioning/doctor/ports';

/** What looks, and changes nothing. */
export interface ExamineWorld {
  readonly runner: Runner;
  readonly clock: Clock;
  /** `owner/name` of the provider, whose workflow runs this and is what the roles trust. */
  readonly provider: string;
  /** What the release believes. */
  readonly trust: TrustFile;
  readonly workspace: Workspace;
  readonly sight: Sight;
  readonly github: GithubReader;
  /** Whether the job was given an App that sees the customer's repositories. */
  readonly seesCustomers: boolean;
  /** Tag of the provider's newest release; `undefined` where it has none. */
  newest(): Promise<string | undefined>;
  issues(): Promise<Issues>;
  readonly reports: ReportFolder;
}
