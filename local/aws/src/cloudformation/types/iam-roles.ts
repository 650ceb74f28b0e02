import { permissionMistakes } from '../../iam/permission-grammar.ts';
import { iamOf, managedPoliciesOf, putRole, type Role } from '../../iam/state.ts';
import { trustMistakes } from '../../iam/trust-grammar.ts';
import type { PolicyDocument } from '../../policy/document.ts';
import { exceeded } from '../../policy/quotas.ts';
import { withinQuota } from '../../world/quotas.ts';
import { AwsError } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { changedNames } from '../compare-properties.ts';
import type { Making, Properties, ResourceType } from '../resource-type.ts';
import { tagList, tagsIn } from './tags.ts';
import { numberOf, structures, text } from './values.ts';

const NAME = /^[\w+=,.@-]{1,64}$/;
const HOUR = 3_600;
const ATTACHED = 10; // managed policies of a role ("IAM and AWS STS quotas")

const role: ResourceType = {
  type: 'AWS::IAM::Role',
  create: (world, made) => {
    const name = text(made.properties, 'RoleName') ?? made.newName(64);
    if (!NAME.test(name)) throw invalid(`The specified value for roleName is invalid: ${name}`);
    const arn = arnOf(made, name);
    const asked = askAbout(made, arn);
    asked('CreateRole', { requestTags: tagsIn(made.properties) ?? {} });
    if (tagsIn(made.properties)) asked('TagRole', { requestTags: tagsIn(made.properties) ?? {} });
    if (structures(made.properties, 'Policies').length > 0) asked('PutRolePolicy');
    for (const policy of attachedIn(made.properties))
      asked('AttachRolePolicy', {}, { 'iam:PolicyARN': policy });
    if (iamOf(world, made.account).roles[name])
      throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
    withinQuota(
      { world, account: made.account, region: '' },
      'roles',
      Object.keys(iamOf(world, made.account).roles).length,
    );
    put(world, made, name);
    return name;
  },
  update: (world, id, made, before) => {
    const asked = askAbout(made, arnOf(made, id));
    for (const name of changedNames(before, made.properties)) {
      const [edit, take] = EDITS[name] ?? [];
      if (edit) asked(edit, { requestTags: tagsIn(made.properties) ?? {} });
      if (take) asked(take);
    }
    put(world, made, id);
  },
  remove: (world, id, made) => {
    const { roles } = iamOf(world, made.account);
    const asked = askAbout(made, roles[id]?.arn ?? arnOf(made, id));
    if (!roles[id]) throw new AwsError('NoSuchEntity', `The role with name ${id} cannot be found.`, 404);
    if (structures(made.properties, 'Policies').length > 0) asked('DeleteRolePolicy');
    asked('DeleteRole');
    refuseWhileAttached(roles[id], made.properties);
    delete roles[id];
    world.touched();
  },
  read: (world, id, { account, properties }) => {
    const found = iamOf(world, account).roles[id];
    return found && told(found, properties);
  },
  attributes: (world, id, { account }) => {
    const found = iamOf(world, account).roles[id];
    return { Arn: found?.arn, RoleId: found?.id };
  },
};

/** A stack takes away what its template gave: what somebody else attached stays, and IAM deletes no such role ("DeleteRole"). */
function refuseWhileAttached({ policies, attached = [] }: Role, properties: Properties): void {
  const own = structures(properties, 'Policies').map(({ PolicyName }) => String(PolicyName));
  const managed = attachedIn(properties);
  const kind = Object.keys(policies).some((name) => !own.includes(name))
    ? 'delete policies'
    : attached.some((arn) => !managed.includes(arn))
      ? 'detach all policies'
      : undefined;
  if (kind !== undefined)
    throw new AwsError('DeleteConflict', `Cannot delete entity, must ${kind} first.`, 409);
}

/** What a change of a property does: the action that sets it, and one that may take away. */
const EDITS: Readonly<Record<string, readonly string[]>> = {
  AssumeRolePolicyDocument: ['UpdateAssumeRolePolicy'],
  Description: ['UpdateRole'],
  MaxSessionDuration: ['UpdateRole'],
  ManagedPolicyArns: ['AttachRolePolicy', 'DetachRolePolicy'],
  PermissionsBoundary: ['PutRolePermissionsBoundary'],
  Policies: ['PutRolePolicy', 'DeleteRolePolicy'],
  Tags: ['TagRole', 'UntagRole'],
};

/** Writes the whole role, once all that it says is sound. */
function put(world: World, made: Making, name: string): void {
  const { properties, account, partition } = made;
  const trust = properties['AssumeRolePolicyDocument'] as PolicyDocument; // judged by AWS's schema before
  const policies = Object.fromEntries(
    structures(properties, 'Policies').map((one) => [
      String(one['PolicyName']),
      one['PolicyDocument'] as PolicyDocument, // the same
    ]),
  );
  demandGrammar(trustMistakes(world, trust));
  for (const policy of Object.values(policies)) demandGrammar(permissionMistakes(policy));
  demandSize('trust policy of role', [trust], `Cannot exceed quota for ACLSizePerRole: 2048`);
  demandSize(
    'inline policies of role',
    Object.values(policies),
    `Maximum policy size of 10240 bytes exceeded for role ${name}`,
  );
  const boundary = text(properties, 'PermissionsBoundary');
  const attached = attachedIn(properties);
  const path = text(properties, 'Path') ?? '/';
  if (!/^\/([!-~]+\/)?$/.test(path))
    throw invalid(
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    );
  if (attached.length > ATTACHED)
    throw new AwsError('LimitExceeded', `Cannot exceed quota for PoliciesPerRole: ${ATTACHED}`, 409);
  for (const arn of [...attached, ...(boundary === undefined ? [] : [boundary])])
    if (!/^arn:[a-z-]+:iam::(aws|\d{12}):policy\/.+$/.test(arn)) throw invalid(`ARN ${arn} is not valid.`);
    else if (!arn.includes(':iam::aws:') && !managedPoliciesOf(world, account)[arn])
      throw new AwsError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`, 404);
  const duration = numberOf(properties, 'MaxSessionDuration') ?? HOUR;
  if (duration < HOUR || duration > 12 * HOUR)
    throw invalid(`Value '${duration}' at 'maxSessionDuration' failed to satisfy constraint`);
  putRole(world, account, {
    name,
    path,
    partition,
    description: text(properties, 'Description') ?? '',
    trust,
    policies,
    tags: tagsIn(properties) ?? {},
    maxSessionDuration: duration,
    ...(boundary !== undefined && { permissionsBoundary: boundary }),
    ...(attached.length > 0 && { attached }),
  });
}

function demandGrammar([first]: Iterable<string>): void {
  if (first !== undefined) throw new AwsError('MalformedPolicyDocument', first);
}

function demandSize(
  quota: Parameters<typeof exceeded>[0],
  documents: readonly PolicyDocument[],
  message: string,
): void {
  if (exceeded(quota, documents)) throw new AwsError('LimitExceeded', message, 409);
}

function told(found: Role, said: Properties): Properties {
  return {
    RoleName: found.name,
    Path: found.path,
    Description: found.description,
    MaxSessionDuration: found.maxSessionDuration,
    AssumeRolePolicyDocument: found.trust,
    // an empty list and none are the same to IAM
    ...((Object.keys(found.policies).length > 0 || said['Policies'] !== undefined) && {
      Policies: Object.entries(found.policies).map(([PolicyName, PolicyDocument]) => ({
        PolicyName,
        PolicyDocument,
      })),
    }),
    ...(found.permissionsBoundary !== undefined && { PermissionsBoundary: found.permissionsBoundary }),
    ...(found.attached && { ManagedPolicyArns: found.attached }),
    Tags: tagList(found.tags),
  };
}

function attachedIn(properties: Properties): readonly string[] {
  const given = properties['ManagedPolicyArns'];
  return Array.isArray(given) ? given.map(String) : [];
}

function askAbout(made: Making, resource: string) {
  const boundary = text(made.properties, 'PermissionsBoundary');
  return (action: string, tags: object = {}, context: Readonly<Record<string, string>> = {}) =>
    made.ask({
      action: `iam:${action}`,
      resource,
      context: { 'iam:PermissionsBoundary': boundary, 'iam:RoleTemplateARN': undefined, ...context },
      resourceTags: tagsIn(made.properties) ?? {},
      ...tags,
    });
}

const arnOf = ({ account, partition, properties }: Making, name: string) =>
  `arn:${partition}:iam::${account}:role${text(properties, 'Path') ?? '/'}${name}`;

const invalid = (message: string) => new AwsError('ValidationError', message);

export const roleTypes: readonly ResourceType[] = [role];
