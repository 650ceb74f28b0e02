import { managedPolicyMistakes } from '../../iam/permission-grammar.ts';
import { iamOf, managedPoliciesOf, putManagedPolicy } from '../../iam/state.ts';
import type { PolicyDocument } from '../../policy/document.ts';
import { exceeded } from '../../policy/quotas.ts';
import { AwsError } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { describe, describedOf, forget } from '../described.ts';
import type { Making, ResourceType } from '../resource-type.ts';
import { tagsIn } from './tags.ts';
import { list, text } from './values.ts';

const MANAGED = 'AWS::IAM::ManagedPolicy';
const CLIENTS = 100; // of a provider

const managedPolicy: ResourceType = {
  type: MANAGED,
  create: (world, made) => {
    const { properties, account, partition } = made;
    const name = text(properties, 'ManagedPolicyName') ?? made.newName(128);
    const arn = `arn:${partition}:iam::${account}:policy${text(properties, 'Path') ?? '/'}${name}`;
    made.ask({
      action: 'iam:CreatePolicy',
      resource: arn,
      requestTags: tagsIn(properties) ?? {},
      resourceTags: {},
    });
    const taken = Object.keys(managedPoliciesOf(world, account)).some(
      (one) => one.split('/').at(-1) === name,
    );
    if (taken)
      throw new AwsError(
        'EntityAlreadyExists',
        `A policy called ${name} already exists. Duplicate names are not allowed.`,
        409,
      );
    put(world, made, arn);
    return arn;
  },
  update: (world, id, made) => {
    made.ask({ action: 'iam:CreatePolicyVersion', resource: id, resourceTags: {} });
    put(world, made, id);
  },
  remove: (world, id, made) => {
    const { account } = made;
    made.ask({ action: 'iam:DeletePolicy', resource: id, resourceTags: {} });
    const policies = managedPoliciesOf(world, account);
    if (!policies[id]) throw new AwsError('NoSuchEntity', `Policy ${id} was not found.`, 404);
    const used = Object.values(iamOf(world, account).roles).some(
      ({ permissionsBoundary, attached }) => permissionsBoundary === id || attached?.includes(id),
    );
    if (used) throw new AwsError('DeleteConflict', 'Cannot delete a policy attached to entities.', 409);
    delete policies[id];
    forget(world, made, MANAGED, id);
  },
  read: (world, id, made) => {
    const document = managedPoliciesOf(world, made.account)[id];
    return document && { ...describedOf(world, made, MANAGED)[id], PolicyDocument: document };
  },
  attributes: (_world, id) => ({ PolicyArn: id }),
};

function put(world: World, made: Making, arn: string): void {
  const { properties, account } = made;
  for (const name of ['Groups', 'Roles', 'Users'])
    if (properties[name] !== undefined)
      throw new AwsError('NotImplemented', `local-aws does not implement ${name} of ${MANAGED}.`, 501);
  const document = properties['PolicyDocument'] as PolicyDocument; // judged by AWS's schema before
  const [wrong] = managedPolicyMistakes(document);
  if (wrong !== undefined) throw new AwsError('MalformedPolicyDocument', wrong);
  if (exceeded('managed policy', [document]))
    throw new AwsError('LimitExceeded', 'Cannot exceed quota for PolicySize: 6144', 409);
  putManagedPolicy(world, account, arn, document);
  describe(world, made, MANAGED, arn, properties);
}

const provider: ResourceType = {
  type: 'AWS::IAM::OIDCProvider',
  create: (world, made) => {
    const { properties, account, partition } = made;
    const url = text(properties, 'Url') ?? '';
    const host = url.replace(/^https?:\/\//, '');
    const arn = `arn:${partition}:iam::${account}:oidc-provider/${host}`;
    made.ask({
      action: 'iam:CreateOpenIDConnectProvider',
      resource: arn,
      requestTags: tagsIn(properties) ?? {},
      resourceTags: {},
    });
    demandProvider(made, url);
    const { oidcProviders } = iamOf(world, account);
    if (oidcProviders[host])
      throw new AwsError('EntityAlreadyExists', `Provider with url ${url} already exists.`, 409);
    oidcProviders[host] = { arn, host, audiences: audiencesIn(made) };
    describe(world, made, provider.type, arn, properties);
    return arn;
  },
  update: (world, id, made) => {
    made.ask({ action: 'iam:AddClientIDToOpenIDConnectProvider', resource: id, resourceTags: {} });
    const key = keyOf(world, made.account, id);
    const { oidcProviders } = iamOf(world, made.account);
    const known = key === undefined ? undefined : oidcProviders[key];
    if (key === undefined || !known) throw gone(id);
    demandProvider(made, `https://${known.host}`);
    oidcProviders[key] = { ...known, audiences: audiencesIn(made) };
    describe(world, made, provider.type, id, made.properties);
  },
  remove: (world, id, made) => {
    made.ask({ action: 'iam:DeleteOpenIDConnectProvider', resource: id, resourceTags: {} });
    const key = keyOf(world, made.account, id);
    if (key === undefined) throw gone(id);
    delete iamOf(world, made.account).oidcProviders[key];
    forget(world, made, provider.type, id);
  },
  read: (world, id, made) => {
    const found = Object.values(iamOf(world, made.account).oidcProviders).find(({ arn }) => arn === id);
    return (
      found && {
        ...describedOf(world, made, provider.type)[id],
        Url: text(made.properties, 'Url') ?? `https://${found.host}`,
        ClientIdList: found.audiences,
      }
    );
  },
  attributes: (_world, id) => ({ Arn: id }),
};

/** "CreateOpenIDConnectProvider" (IAM API reference), and "IAM and AWS STS quotas". */
function demandProvider(made: Making, url: string): void {
  const audiences = audiencesIn(made);
  const prints = list(made.properties, 'ThumbprintList');
  if (!/^https:\/\/[a-z0-9.-]+(\/[^?#]*)?$/i.test(url))
    throw new AwsError('InvalidInput', 'Invalid Open ID Connect Provider URL');
  if (new Set(audiences).size < audiences.length)
    throw new AwsError('InvalidInput', 'Duplicate client IDs in the list');
  if (audiences.some((one) => one.length < 1 || one.length > 255))
    throw new AwsError('ValidationError', 'A client ID has 1 to 255 characters.');
  if (audiences.length > CLIENTS)
    throw new AwsError(
      'LimitExceeded',
      `Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: ${CLIENTS}`,
      409,
    );
  if (prints.length > 5 || prints.some((one) => !/^[0-9a-f]{40}$/i.test(one)))
    throw new AwsError(
      'InvalidInput',
      'Thumbprint list must contain fewer than 5 entries of 40 hexadecimal digits.',
    );
}

function audiencesIn({ properties }: Making): readonly string[] {
  const given = properties['ClientIdList'];
  return Array.isArray(given) ? given.map(String) : [];
}

const keyOf = (world: World, account: string, id: string) =>
  Object.entries(iamOf(world, account).oidcProviders).find(([, { arn }]) => arn === id)?.[0];

const gone = (id: string) =>
  new AwsError('NoSuchEntity', `OpenIDConnect Provider not found for arn ${id}`, 404);

export const policyTypes: readonly ResourceType[] = [managedPolicy, provider];
