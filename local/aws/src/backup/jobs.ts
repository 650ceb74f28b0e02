import { randomUUID } from 'node:crypto';
import type {
  DescribeBackupJobCommandInput,
  DescribeBackupJobCommandOutput,
  StartBackupJobCommandInput,
  StartBackupJobCommandOutput,
} from '@aws-sdk/client-backup';
import { iamOf } from '../iam/state.ts';
import { statementsOf } from '../policy/document.ts';
import { bucketsOf } from '../s3/state.ts';
import type { Output } from '../services/output.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { lackedForBackup } from './bucket-rights.ts';
import { kindsOf } from './settings.ts';
import {
  type BackupJob,
  type BackupPlan,
  type BackupVault,
  backupOf,
  jobsOf,
  type RecoveryPoint,
} from './state.ts';
import { findVault } from './vaults.ts';

export const jobOperations: Readonly<Record<string, Handler>> = {
  StartBackupJob: startBackupJob,
  DescribeBackupJob: describeBackupJob,
};

const STARTS_AFTER = 10_000; // milliseconds
const TAKES = 60_000;
const DAY = 86_400_000;

type Placed = Pick<Call, 'world' | 'account' | 'region'>;

const invalid = (says: string) => new AwsError('InvalidParameterValueException', says);

/** "Retrying a successful request with the same idempotency token results in a success message with no action taken." */
function startBackupJob(input: StartBackupJobCommandInput, call: Call): Output<StartBackupJobCommandOutput> {
  const vault = findVault(call, input.BackupVaultName);
  const { ResourceArn: resource = '', IamRoleArn: role = '', IdempotencyToken: token } = input;
  const known = Object.values(jobsOf(call)).find((job) => token !== undefined && job.token === token);
  if (known) {
    if (known.resource !== resource || known.vault !== vault.name)
      throw new AwsError('AlreadyExistsException', `The token ${token} is of another backup job`);
    return started(known);
  }
  checkLifecycle(input, vault);
  demandKind(resource, call);
  demandRole(role, call);
  const deleteAfterDays = input.Lifecycle?.DeleteAfterDays;
  return started(beginJob({ token, vault: vault.name, resource, role, deleteAfterDays }, call, () => {}));
}

type Asked = Pick<BackupJob, 'token' | 'vault' | 'resource' | 'role' | 'deleteAfterDays'> & {
  /** The plan that asks for it. */
  readonly plan?: BackupPlan;
};

/** A job on its way; `made` hears of the backup that came of it. */
export function beginJob(asked: Asked, place: Placed, made: (point: RecoveryPoint) => void): BackupJob {
  const { plan, ...what } = asked;
  const job: BackupJob = {
    ...what,
    id: randomUUID().toUpperCase(),
    createdAt: place.world.clock.now(),
    state: 'CREATED',
    percentDone: '0.0',
    message: undefined,
    recoveryPoint: undefined,
    endedAt: undefined,
  };
  jobsOf(place)[job.id] = job;
  carryOut(job, place, (completed) => made(keepPoint(completed, plan, place)));
  place.world.touched();
  return job;
}

const started = ({ id, createdAt }: BackupJob) => ({
  BackupJobId: id,
  CreationDate: new Date(createdAt),
  IsParent: false,
});

/** It begins a little later, and looks at bucket and role when it does: what was there when it was asked for may be gone. */
function carryOut(job: BackupJob, place: Placed, completed: (job: BackupJob) => void): void {
  const { clock } = place.world;
  const step = (after: number, work: () => void) =>
    clock.after(after, () => {
      work();
      place.world.touched();
    });
  step(STARTS_AFTER, () => Object.assign(job, { state: 'RUNNING', percentDone: '12.5' }));
  step(TAKES, () => {
    const why = whyNot(job, place);
    const endedAt = clock.now();
    if (why !== undefined) return Object.assign(job, { state: 'FAILED', message: why, endedAt });
    Object.assign(job, { state: 'COMPLETED', percentDone: '100.0', endedAt });
    return completed(job);
  });
}

function whyNot({ resource, role }: BackupJob, call: Placed): string | undefined {
  const bucket = bucketsOf(call.world)[bucketIn(resource)];
  if (!bucket) return `The bucket ${bucketIn(resource)} does not exist.`;
  if (!bucket.versioned) return 'Bucket versioning must be enabled to back up a bucket.'; // "Amazon S3 backups"
  const acting = iamOf(call.world, call.account).roles[role.split('/').at(-1) ?? ''];
  if (!acting) return `IAM Role ${role} cannot be assumed by AWS Backup`;
  const lacked = lackedForBackup(acting, bucket, call);
  return lacked.length === 0 ? undefined : `Access Denied: ${role} lacks ${lacked.join(', ')}`;
}

function keepPoint(
  job: BackupJob,
  plan: BackupPlan | undefined,
  { world, account, region }: Placed,
): RecoveryPoint {
  const vault = backupOf(world, account, region).vaults[job.vault];
  const arn = `arn:aws:backup:${region}:${account}:recovery-point:${bucketIn(job.resource)}-${job.id.slice(0, 8).toLowerCase()}`;
  job.recoveryPoint = arn;
  const by = plan && { id: plan.id, arn: plan.arn };
  const point: RecoveryPoint = {
    arn,
    resource: job.resource,
    createdAt: job.createdAt,
    ...(by && { plan: by }),
  };
  if (vault) vault.recoveryPoints = [...vault.recoveryPoints, point];
  return point;
}

const bucketIn = (resource: string) => resource.split(':').at(-1) ?? '';

/** Of the kinds that AWS Backup knows, this AWS has buckets alone. */
function demandKind(resource: string, call: Call): void {
  const kind = /^arn:[\w-]+:s3:::[a-z0-9.-]{3,63}$/.test(resource) ? 'S3' : undefined;
  if (kind === undefined) throw invalid(`Unsupported resource type: ${resource}`);
  if (kindsOf(call)[kind] !== true)
    throw new AwsError(
      'InvalidRequestException',
      `${kind} is not opted in for AWS Backup in ${call.region}. Turn it on in the settings of AWS Backup.`,
    );
  const bucket = bucketsOf(call.world)[bucketIn(resource)];
  if (bucket?.account !== call.account || bucket.region !== call.region)
    throw new AwsError('ResourceNotFoundException', `Unable to find resource ${resource}`);
}

function demandRole(arn: string, { world, account }: Call): void {
  const found = iamOf(world, account).roles[arn.split('/').at(-1) ?? ''];
  const trusts = found?.arn === arn && statementsOf(found.trust).some(trustsBackup);
  if (!trusts) throw invalid(`IAM Role ${arn} cannot be assumed by AWS Backup`);
}

function trustsBackup({ Effect, Principal }: ReturnType<typeof statementsOf>[number]): boolean {
  return Effect === 'Allow' && JSON.stringify(Principal ?? '').includes('"backup.amazonaws.com"');
}

/** A vault that is locked takes no backup whose retention is outside its bounds; one without an end counts as the longest. */
function checkLifecycle({ Lifecycle }: StartBackupJobCommandInput, { name, lock }: BackupVault): void {
  const days = Lifecycle?.DeleteAfterDays ?? Number.POSITIVE_INFINITY;
  if (lock && (days < (lock.minimumDays ?? 0) || days > (lock.maximumDays ?? Number.POSITIVE_INFINITY)))
    throw invalid(`The retention of the backup is outside of what the lock of ${name} allows`);
}

function describeBackupJob(
  { BackupJobId: id = '' }: DescribeBackupJobCommandInput,
  call: Call,
): Output<DescribeBackupJobCommandOutput> {
  const job = jobsOf(call)[id];
  if (!job) throw new AwsError('ResourceNotFoundException', `Unable to find backup job ${id}`);
  const { deleteAfterDays, recoveryPoint, message, endedAt } = job;
  return {
    AccountId: call.account,
    BackupJobId: job.id,
    BackupVaultName: job.vault,
    BackupVaultArn: backupOf(call.world, call.account, call.region).vaults[job.vault]?.arn,
    ResourceArn: job.resource,
    ResourceType: 'S3',
    IamRoleArn: job.role,
    CreationDate: new Date(job.createdAt),
    StartBy: new Date(job.createdAt + DAY / 3),
    State: job.state,
    PercentDone: job.percentDone,
    IsParent: false,
    ...(deleteAfterDays !== undefined && { RecoveryPointLifecycle: { DeleteAfterDays: deleteAfterDays } }),
    ...(recoveryPoint !== undefined && { RecoveryPointArn: recoveryPoint, MessageCategory: 'SUCCESS' }),
    ...(message !== undefined && { StatusMessage: message, MessageCategory: 'AccessDenied' }),
    ...(endedAt !== undefined && { CompletionDate: new Date(endedAt) }),
  };
}
