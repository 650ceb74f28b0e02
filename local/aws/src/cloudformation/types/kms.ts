import { keyPolicyMistakes } from '../../kms/policy-grammar.ts';
import { editKey, findKey, kmsOf, makeSigningKey, type SigningKey } from '../../kms/state.ts';
import type { PolicyDocument } from '../../policy/document.ts';
import { exceeded } from '../../policy/quotas.ts';
import { AwsError } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { changedNames } from '../compare-properties.ts';
import { describe, describedOf } from '../described.ts';
import type { Making, ResourceType } from '../resource-type.ts';
import { tagsIn } from './tags.ts';
import { text } from './values.ts';

const KEY = 'AWS::KMS::Key';
const SPEC = 'ECC_NIST_P256';
const USE = 'SIGN_VERIFY';

/** Actions that set a property. */
const EDITS: Readonly<Record<string, string>> = {
  Description: 'UpdateKeyDescription',
  Enabled: 'DisableKey',
  KeyPolicy: 'PutKeyPolicy',
  Tags: 'TagResource',
};

const key: ResourceType = {
  type: KEY,
  create: (world, made) => {
    const { properties, account, region, partition } = made;
    askToCreate(made);
    const description = text(properties, 'Description') ?? '';
    const fresh = makeSigningKey(world, account, region, {
      partition,
      description,
      policy: policyOf(world, made),
    });
    demandWayBack(made, fresh, () => delete kmsOf(world, account, region).keys[fresh.id]);
    describe(world, made, KEY, fresh.id, properties);
    return fresh.id;
  },
  update: (world, id, made, before) => {
    const known = live(world, made, id);
    for (const name of changedNames(before, made.properties))
      if (EDITS[name]) ask(made, EDITS[name], known.arn);
    const changed = editKey(world, made.region, known, {
      policy: policyOf(world, made),
      description: text(made.properties, 'Description') ?? '',
      state: made.properties['Enabled'] === false ? 'Disabled' : 'Enabled',
    });
    demandWayBack(made, changed, () => editKey(world, made.region, known, {}));
    describe(world, made, KEY, id, made.properties);
  },
  remove: (world, id, made) => {
    const known = live(world, made, id);
    ask(made, 'ScheduleKeyDeletion', known.arn, {
      'kms:ScheduleKeyDeletionPendingWindowInDays': text(made.properties, 'PendingWindowInDays') ?? '30',
      'kms:TrailingDaysWithoutKeyUsage': undefined,
    });
    editKey(world, made.region, known, { state: 'PendingDeletion' });
  },
  read: (world, id, made) => {
    const known = kmsOf(world, made.account, made.region).keys[id];
    if (!known || known.state === 'PendingDeletion') return undefined;
    return {
      KeySpec: SPEC,
      KeyUsage: USE,
      Enabled: known.state !== 'Disabled',
      ...describedOf(world, made, KEY)[id],
      Description: known.description,
      KeyPolicy: known.policy,
      ...(known.state === 'Disabled' && { Enabled: false }),
    };
  },
  attributes: (world, id, made) => ({ Arn: live(world, made, id).arn, KeyId: id }),
};

/** Who sets a key policy must be able to change it again, unless they say that they know ("Create a key policy"). */
function demandWayBack(made: Making, { arn }: SigningKey, undo: () => void): void {
  if (made.properties['BypassPolicyLockoutSafetyCheck'] === true) return;
  try {
    ask(made, 'PutKeyPolicy', arn);
  } catch {
    undo();
    throw new AwsError('MalformedPolicyDocumentException', LOCKED_OUT);
  }
}

const LOCKED_OUT = 'The new key policy will not allow you to update the key policy in the future.';

function askToCreate({ properties, ask: asks, account, region, partition }: Making): void {
  const spec = text(properties, 'KeySpec') ?? 'SYMMETRIC_DEFAULT';
  const use = text(properties, 'KeyUsage') ?? 'ENCRYPT_DECRYPT';
  if (spec !== SPEC || use !== USE)
    throw new AwsError('NotImplemented', `local-aws makes no keys of ${spec} for ${use} in stacks.`, 501);
  const tags = tagsIn(properties) ?? {};
  const context = { 'kms:CallerAccount': account, 'kms:ViaService': undefined };
  asks({
    action: 'kms:CreateKey',
    resource: '*',
    context: {
      ...context,
      'kms:BypassPolicyLockoutSafetyCheck': 'false',
      'kms:KeyOrigin': 'AWS_KMS',
      'kms:KeySpec': spec,
      'kms:KeyUsage': use,
      'kms:MultiRegion': 'false',
      'kms:MultiRegionKeyType': undefined,
    },
    requestTags: tags,
    resourceTags: tags,
  });
  if (Object.keys(tags).length === 0) return;
  const resource = `arn:${partition}:kms:${region}:${account}:key/*`;
  asks({ action: 'kms:TagResource', resource, context, requestTags: tags, resourceTags: tags });
}

function ask(
  made: Making,
  action: string,
  resource: string,
  context: Readonly<Record<string, string | undefined>> = {},
): void {
  const tags = tagsIn(made.properties) ?? {};
  made.ask({
    action: `kms:${action}`,
    resource,
    context: {
      'kms:CallerAccount': made.account,
      'kms:ViaService': undefined,
      'kms:BypassPolicyLockoutSafetyCheck': 'false',
      ...context,
    },
    resourceTags: tags,
    requestTags: tags,
  });
}

/** KMS refuses principals that do not exist. Without a policy the account's own policies decide. */
function policyOf(world: World, { properties, account, partition }: Making): PolicyDocument {
  const given = properties['KeyPolicy'] as PolicyDocument | undefined; // judged by AWS's schema before
  const policy = given ?? {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  };
  if (exceeded('key policy of', [policy]))
    throw new AwsError('LimitExceededException', 'The key policy document is larger than 32768 bytes.');
  const [wrong] = keyPolicyMistakes(world, policy);
  if (wrong !== undefined) throw new AwsError('MalformedPolicyDocumentException', wrong);
  return policy;
}

function live(world: World, made: Making, id: string): SigningKey {
  return findKey(world, made.account, made.region, id);
}

const alias: ResourceType = {
  type: 'AWS::KMS::Alias',
  create: (world, made) => {
    const name = text(made.properties, 'AliasName') ?? '';
    point(world, made, name, 'CreateAlias');
    return name;
  },
  update: (world, id, made) => {
    const before = ofAlias(world, made, id);
    if (before) editKey(world, made.region, before, { alias: '' });
    point(world, made, id, 'UpdateAlias');
  },
  remove: (world, id, made) => {
    const known = ofAlias(world, made, id);
    if (!known) throw new AwsError('NotFoundException', `Alias ${id} is not found.`);
    askForBoth(made, 'DeleteAlias', id, known.arn);
    editKey(world, made.region, known, { alias: '' });
  },
  read: (world, id, made) => {
    const known = ofAlias(world, made, id);
    const said = text(made.properties, 'TargetKeyId');
    return known && { AliasName: id, TargetKeyId: said === known.arn ? said : known.id };
  },
};

/** A key has one alias here, and an alias one key. */
function point(world: World, made: Making, name: string, action: 'CreateAlias' | 'UpdateAlias'): void {
  const target = live(world, made, text(made.properties, 'TargetKeyId') ?? '');
  askForBoth(made, action, name, target.arn);
  if (!/^alias\/(?!aws\/)[a-zA-Z0-9/_-]+$/.test(name))
    throw new AwsError('InvalidAliasNameException', 'Alias must start with the prefix "alias/".');
  if (action === 'CreateAlias' && ofAlias(world, made, name))
    throw new AwsError(
      'AlreadyExistsException',
      `An alias with the name ${aliasArn(made, name)} already exists`,
    );
  if (target.alias !== '' && target.alias !== name)
    throw new AwsError('NotImplemented', 'local-aws gives a key one alias.', 501);
  editKey(world, made.region, target, { alias: name });
}

function ofAlias(world: World, { account, region }: Making, name: string): SigningKey | undefined {
  return Object.values(kmsOf(world, account, region).keys).find((one) => one.alias === name);
}

function askForBoth(made: Making, action: string, name: string, keyArn: string): void {
  for (const resource of [aliasArn(made, name), keyArn]) ask(made, action, resource);
}

const aliasArn = ({ partition, region, account }: Making, name: string) =>
  `arn:${partition}:kms:${region}:${account}:${name}`;

export const kmsTypes: readonly ResourceType[] = [key, alias];
