import type { ReportFolder } from '@tenant-delivery/action-kit/report-folder';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { Issues, WorkflowRuns } from '@tenant-delivery/delivery/github-ports';
import type { AdmissionWorld, DeliveryWorld } from '@tenant-delivery/delivery/world';
import type { AlarmReader, ServiceReader, TargetReader } from '@tenant-delivery/deployment/ports';
import type { PreflightReader } from '@tenant-delivery/isolation/ports';
import type { RepositorySettings, SettingsReader } from '@tenant-delivery/provisioning/github/ports';
import type {
  BackupReader,
  Backups,
  CopyReader,
  ExistingResources,
  StackExecutor,
  StackPlanner,
  StackReader,
} from '@tenant-delivery/provisioning/ports';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';

/** GitHub as the App of the contract sees a repository, or why a person has to look there. */
export type SettingsAt<Settings> = (
  admission: StacksAdmission,
  repository: string,
) => Promise<Settings | { readonly byHand: string }>;

/** What plans. Nothing in it can change a resource. */
export interface PlanWorld extends DeliveryWorld {
  /** The stacks of a region. */
  stacks(region: string): StackPlanner;
  alarms(region: string): AlarmReader;
  readonly copies: CopyReader;
  /** What is there in a region, in a stack or in none. */
  existing(region: string): ExistingResources;
  readonly services: Pick<ServiceReader, 'service' | 'taskDefinition'>;
  readonly settings: SettingsAt<SettingsReader>;
  /** AWS Backup in the region of the environment. */
  readonly backups: BackupReader;
  /** Ids of the region's zones, by EC2's word. */
  zones(): Promise<readonly string[]>;
}

/** What settles a change that was never applied. */
export interface SettleWorld extends DeliveryWorld {
  stacks(region: string): StackPlanner;
  runs(): Promise<Pick<WorkflowRuns, 'approvalsOf'>>;
}

/** What looks at what came of a plan. Nothing in it can change a resource. */
export interface VerifyWorld extends DeliveryWorld {
  stacks(region: string): StackReader;
  alarms(region: string): AlarmReader;
  readonly copies: CopyReader;
  readonly services: Pick<ServiceReader, 'service' | 'taskDefinition' | 'tasks'>;
  readonly targets: Pick<TargetReader, 'targetGroup' | 'targets'>;
  readonly surroundings: Pick<
    PreflightReader,
    'balancer' | 'targetGroups' | 'subnets' | 'role' | 'logGroupExists'
  >;
  readonly tunnels: TunnelReader;
  readonly settings: SettingsAt<SettingsReader>;
}

/** What carries out an approved plan, and looks at what came of it. */
export interface ApplyWorld extends VerifyWorld {
  stacks(region: string): StackExecutor;
  readonly balancers: BalancerProtection;
  readonly backups: Backups;
  readonly settings: SettingsAt<RepositorySettings>;
}

export interface BalancerProtection {
  /** Lifts the deletion protection of a load balancer by its name. `absent`: there is none of this name, or of this ARN. */
  lift(name: string, arn?: string): Promise<'done' | 'absent'>;
  /** Protects it again. */
  protect(name: string, arn: string): Promise<'done' | 'absent'>;
}

/** The tunnels of VPN connections, without anything secret of them. */
export interface TunnelReader {
  /** By the id of its connection; of each tunnel its outside address and whether it is up. */
  tunnels(connection: string): Promise<readonly { readonly outside: string; readonly up: boolean }[]>;
}

/** Who changed a resource last, as far as CloudTrail knows. */
export interface ResourceTrail {
  /** The newest event that changed it; `undefined` when CloudTrail has none. */
  lastChange(
    id: string,
  ): Promise<{ readonly at: number; readonly by: string; readonly call: string } | undefined>;
}

/** What compares, and changes nothing. There is no key, and nothing to record. */
export interface ObserveWorld extends AdmissionWorld {
  stacks(region: string): StackReader;
  alarms(region: string): AlarmReader;
  readonly copies: CopyReader;
  trail(region: string): ResourceTrail;
  issues(): Promise<Issues>;
  /** Absent where the job was given no App that reads. */
  readonly settings: SettingsAt<SettingsReader> | undefined;
  readonly reports: ReportFolder;
}

/** One of them is opened, by the mode. */
export interface World {
  readonly runner: Runner;
  plan(): Promise<PlanWorld>;
  apply(): Promise<ApplyWorld>;
  verify(): Promise<VerifyWorld>;
  observe(): Promise<ObserveWorld>;
  settle(): Promise<SettleWorld>;
}
