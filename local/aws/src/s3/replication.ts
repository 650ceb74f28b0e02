import { decideBy } from '../authorization/decide.ts';
import { lookupFor } from '../authorization/request-context.ts';
import { describedOf } from '../cloudformation/described.ts';
import { iamOf } from '../iam/state.ts';
import { statementsOf } from '../policy/document.ts';
import type { Call, Principal } from '../world/service.ts';
import type { World } from '../world/world.ts';
import { addVersion } from './add-version.ts';
import { type Bucket, bucketsOf, type Version } from './state.ts';

/** Virtual milliseconds from a write to its copy; S3 replicates most objects in seconds, and promises 15 minutes. */
const REPLICATED_AFTER = 20_000;

interface Rule {
  readonly role: string;
  /** The name of the bucket that gets the copies. */
  readonly destination: string;
}

/** Buckets whose copies S3 does not make for now, however long somebody waits. */
function heldOf(world: World): Record<string, boolean> {
  return world.state<Record<string, boolean>>('s3-replication-held', '', '', () => ({}));
}

/** S3 makes no copies of what is written to a bucket from now on, or does again. */
export function holdReplication(world: World, bucket: string, held: boolean): void {
  heldOf(world)[bucket] = held;
  world.touched();
}

/** The one rule that local-aws knows: everything, to one bucket. A version that comes before it is never copied by it. */
export function replicationRule(world: World, { name, account, region }: Bucket): Rule | undefined {
  const described = describedOf(world, { account, region }, 'AWS::S3::Bucket')[name];
  const { Role, Rules = [] } = Object(described?.['ReplicationConfiguration']);
  const [rule] = [Rules].flat().filter(({ Status }) => Status === 'Enabled');
  const destination =
    String(rule?.Destination?.Bucket ?? '')
      .split(':')
      .at(-1) ?? '';
  return rule === undefined ? undefined : { role: String(Role), destination };
}

/** Copies a version a little later, and says of both how that ended: the version of the source, and the replica. */
export function replicate(call: Call, bucket: Bucket, key: string, version: Version): void {
  const { world } = call;
  const rule = replicationRule(world, bucket);
  if (!rule || heldOf(world)[bucket.name]) return;
  world.clock.after(REPLICATED_AFTER, () => {
    version.replication = arrive(call, bucket, { key, version, rule }) ? 'COMPLETED' : 'FAILED';
    world.touched();
  });
}

function arrive(
  call: Call,
  { name }: Bucket,
  { key, version, rule }: { readonly key: string; readonly version: Version; readonly rule: Rule },
): boolean {
  const to = bucketsOf(call.world)[rule.destination];
  if (!to?.versioned || !mayReplicate(call, name, key, rule, to)) return false;
  addVersion(to, key, { ...version, replication: 'REPLICA' });
  return true;
}

/** What S3 does in the role of a replication ("Setting up permissions for live replication"). */
function mayReplicate(call: Call, source: string, key: string, { role: arn }: Rule, to: Bucket): boolean {
  const role = iamOf(call.world, call.account).roles[arn.split('/').at(-1) ?? ''];
  if (role?.arn !== arn) return false;
  const trusts = statementsOf(role.trust).some(
    ({ Effect, Principal }) =>
      Effect === 'Allow' && JSON.stringify(Principal ?? '').includes('"s3.amazonaws.com"'),
  );
  const principal: Principal = {
    account: call.account,
    arn: `arn:aws:sts::${call.account}:assumed-role/${role.name}/s3-replication`,
    roleArn: role.arn,
  };
  const identity = { everything: false, policies: Object.values(role.policies) };
  const asks = [
    { action: 's3:GetObjectVersionForReplication', resource: `arn:aws:s3:::${source}/${key}`, of: undefined },
    { action: 's3:ReplicateObject', resource: `arn:aws:s3:::${to.name}/${key}`, of: to.policy },
  ];
  return (
    trusts &&
    asks.every(({ action, resource, of }) => {
      const ask = { action, resource, context: {} };
      const context = lookupFor(call.world, principal, call.region, ask);
      const guard = { document: of, account: to.account, alone: false };
      return decideBy(identity, guard, principal, ask, context).allowed;
    })
  );
}
