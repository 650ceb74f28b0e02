import type {
  CreateAccessKeyCommandInput,
  CreateAccessKeyCommandOutput,
  DeleteAccessKeyCommandInput,
  GetAccessKeyLastUsedCommandInput,
  GetAccessKeyLastUsedCommandOutput,
  ListAccessKeysCommandInput,
  ListAccessKeysCommandOutput,
  UpdateAccessKeyCommandInput,
} from '@aws-sdk/client-iam';
import type { Output } from '../services/output.ts';
import { issueKey } from '../world/keys.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import type { World } from '../world/world.ts';
import { keyOf, presentKeys, statusAt } from './key-life.ts';
import { page } from './page.ts';
import { findUser, keyDelays, type User, type UserKey } from './users.ts';

const QUOTA = 2; // access keys of a user, active and inactive ("IAM and AWS STS quotas")

/** A user's access keys. */
export const accessKeyOperations: Readonly<Record<string, Handler>> = {
  CreateAccessKey: createAccessKey,
  ListAccessKeys: listAccessKeys,
  UpdateAccessKey: updateAccessKey,
  DeleteAccessKey: deleteAccessKey,
  GetAccessKeyLastUsed: getAccessKeyLastUsed,
};

/** A key that its user had before anything began: usable, listed and old. */
export function seedAccessKey(
  world: World,
  account: string,
  user: User,
  ageMilliseconds = 24 * 3_600_000,
): { readonly accessKeyId: string; readonly secretAccessKey: string } {
  const { accessKeyId, secretAccessKey } = addKey(world, account, user, world.clock.now() - ageMilliseconds);
  return { accessKeyId, secretAccessKey };
}

function addKey(world: World, account: string, user: User, at: number) {
  const issued = issueKey(world, { account, arn: user.arn });
  const created = Math.floor(at / 1_000) * 1_000;
  user.keys.push({
    accessKeyId: issued.accessKeyId,
    created,
    statuses: [],
    deleted: undefined,
    uses: [],
  });
  world.touched();
  return { ...issued, created };
}

function createAccessKey(
  { UserName }: CreateAccessKeyCommandInput,
  call: Call,
): Output<CreateAccessKeyCommandOutput> {
  const user = findUser(call, UserName);
  if (presentKeys(user).length >= QUOTA)
    throw new AwsError('LimitExceededException', `Cannot exceed quota for AccessKeysPerUser: ${QUOTA}`, 409);
  const { accessKeyId, secretAccessKey, created } = addKey(
    call.world,
    call.account,
    user,
    call.world.clock.now(),
  );
  return {
    AccessKey: {
      UserName: user.name,
      AccessKeyId: accessKeyId,
      Status: 'Active',
      SecretAccessKey: secretAccessKey,
      CreateDate: new Date(created),
    },
  };
}

/** What this part of IAM knows: a key that was made or changed a moment ago may be missing, or as it was. */
function listAccessKeys(
  { UserName, ...asked }: ListAccessKeysCommandInput,
  call: Call,
): Output<ListAccessKeysCommandOutput> {
  const user = findUser(call, UserName);
  const seen = call.world.clock.now() - keyDelays(call.world).listed;
  const { items, rest } = page(
    user.keys.filter((key) => statusAt(key, seen) !== 'absent'),
    asked,
  );
  return {
    AccessKeyMetadata: items.map((key) => ({
      UserName: user.name,
      AccessKeyId: key.accessKeyId,
      Status: statusAt(key, seen) === 'Active' ? 'Active' : 'Inactive',
      CreateDate: new Date(key.created),
    })),
    ...rest,
  };
}

function updateAccessKey(
  { UserName, AccessKeyId = '', Status }: UpdateAccessKeyCommandInput,
  call: Call,
): object {
  if (Status !== 'Active' && Status !== 'Inactive')
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${Status}' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive]`,
    );
  presentKey(call, UserName, AccessKeyId).statuses.push({ at: call.world.clock.now(), status: Status });
  call.world.touched();
  return {};
}

function deleteAccessKey({ UserName, AccessKeyId = '' }: DeleteAccessKeyCommandInput, call: Call): object {
  presentKey(call, UserName, AccessKeyId).deleted = call.world.clock.now();
  call.world.touched();
  return {};
}

function presentKey(call: Call, userName: string | undefined, accessKeyId: string): UserKey {
  const found = presentKeys(findUser(call, userName)).find((key) => key.accessKeyId === accessKeyId);
  if (found) return found;
  throw new AwsError('NoSuchEntityException', `The Access Key with id ${accessKeyId} cannot be found.`, 404);
}

/** AWS models no "not found" for it: a question about a key that is not there is denied. */
function getAccessKeyLastUsed(
  { AccessKeyId = '' }: GetAccessKeyLastUsedCommandInput,
  { world, account, principal }: Call,
): Output<GetAccessKeyLastUsedCommandOutput> {
  const found = keyOf(world, account, AccessKeyId);
  if (!found || found.key.deleted !== undefined)
    throw new AwsError(
      'AccessDenied',
      `User: ${principal?.arn} is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key ${AccessKeyId}`,
      403,
    );
  const known = world.clock.now() - keyDelays(world).lastUsed;
  const use = found.key.uses.findLast(({ at }) => at <= known);
  return {
    UserName: found.user.name,
    AccessKeyLastUsed: use
      ? {
          ServiceName: use.service,
          Region: use.region,
          LastUsedDate: new Date(Math.floor(use.at / 1_000) * 1_000),
        }
      : { ServiceName: 'N/A', Region: 'N/A' },
  };
}
