import { iamOf } from '../iam/state.ts';
import { usersOf } from '../iam/users.ts';
import { type Context, type Lookup, lookupIn } from '../policy/context.ts';
import type { Principal } from '../world/service.ts';
import type { World } from '../world/world.ts';
import type { Ask } from './ask.ts';
import { hasConditionKey } from './reference.ts';

/** Services with one endpoint for all regions: their requests count as made in this one ("Global condition context keys"). */
const GLOBAL = /^iam:/;

/** The global condition keys of a signed request. */
function globalKeys(world: World, principal: Principal, region: string, action: string): Context {
  const now = world.clock.date();
  const user = /:user\/(?:.*\/)?([^/]+)$/.exec(principal.arn)?.[1];
  return {
    // of a session it is the role
    'aws:PrincipalArn': principal.roleArn || principal.arn,
    'aws:PrincipalAccount': principal.account,
    'aws:PrincipalType': principal.roleArn ? 'AssumedRole' : 'User',
    'aws:PrincipalIsAWSService': 'false',
    'aws:userid': userIdOf(world, principal),
    'aws:username': user,
    'aws:RequestedRegion': GLOBAL.test(action) ? 'us-east-1' : region,
    // Loopback counts as TLS, so that policies that demand TLS are the same here and at AWS.
    'aws:SecureTransport': 'true',
    'aws:SourceIdentity': principal.sourceIdentity,
    'aws:MultiFactorAuthPresent': principal.mfa ? 'true' : undefined,
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1_000)),
    'aws:TokenIssueTime':
      principal.issued === undefined ? undefined : new Date(Math.round(principal.issued)).toISOString(),
    // nothing is called in somebody's name by a service here, and no service asks as itself
    'aws:ViaAWSService': 'false',
    'aws:CalledVia': undefined,
    'aws:SourceAccount': undefined,
    'aws:SourceArn': undefined,
  };
}

/** `AROA…:session` of a session, by its role; the user's own id otherwise. */
function userIdOf(world: World, { arn, account }: Principal): string {
  const [, role = '', session = ''] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  if (role !== '') return `${iamOf(world, account).roles[role]?.id ?? 'AROA'}:${session}`;
  return Object.values(usersOf(world, account)).find((user) => user.arn === arn)?.id ?? arn;
}

/**
 * Every condition key of a request. A key that AWS knows for the action and this double does not is refused by name:
 * to take it for absent would decide about something that nobody looked at.
 */
export function lookupFor(world: World, principal: Principal, region: string, ask: Ask): Lookup {
  const values: Context = {
    ...globalKeys(world, principal, region, ask.action),
    ...ask.context,
    ...(ask.requestTags && tagKeys(ask.requestTags)),
  };
  const names = new Set(Object.keys(values).map((key) => key.toLowerCase()));
  const find = lookupIn(values);
  const tags = taggings(world, principal, ask);
  return (key) => {
    if (names.has(key.toLowerCase())) return find(key);
    const [, kind = '', tag = ''] = /^([a-z0-9-]+:[a-z]+tag)\/(.+)$/is.exec(key) ?? [];
    const tagging = tags.find(({ prefix }) => prefix.test(kind))?.tags;
    if (tagging) return tagging[tag] === undefined ? undefined : [tagging[tag]];
    if (hasConditionKey(ask.action, key))
      throw new Error(`local-aws does not know the condition key ${key} of ${ask.action}`);
    return undefined;
  };
}

function tagKeys(tags: Readonly<Record<string, string>>): Context {
  const keys = Object.keys(tags);
  return { 'aws:TagKeys': keys.length > 0 ? keys : undefined };
}

function taggings(world: World, { roleArn, account, arn }: Principal, ask: Ask) {
  const role = roleArn ? iamOf(world, account).roles[roleArn.split('/').at(-1) ?? ''] : undefined;
  const user = Object.values(usersOf(world, account)).find((one) => one.arn === arn);
  return [
    { prefix: /^aws:PrincipalTag$/i, tags: role?.tags ?? user?.tags ?? {} },
    { prefix: /^aws:RequestTag$/i, tags: ask.requestTags },
    { prefix: /^[a-z0-9-]+:ResourceTag$/i, tags: ask.resourceTags },
  ];
}
