import type { ReportFolder } from '@tenant-delivery/action-kit/report-folder';
import type { RotationApp } from '@tenant-delivery/credentials/kinds';
import type { ReportWorld } from '@tenant-delivery/credentials/report/world';
import type { Issues } from '@tenant-delivery/delivery/github-ports';
import type { AdmissionWorld } from '@tenant-delivery/delivery/world';

/** Looks at every credential with the right to read how old it is, and tells of it. There is nothing that it could change. */
export interface ReportingWorld extends AdmissionWorld {
  readonly reports: ReportFolder;
  /** `undefined`: no token was given to keep issues with. */
  readonly issues: (() => Promise<Issues>) | undefined;
  /** `app`: by which GitHub is asked for the deploy keys of `repositories`. */
  open(app: RotationApp | undefined, repositories: readonly string[]): ReportWorld;
}
