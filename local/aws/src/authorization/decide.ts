import { iamOf } from '../iam/state.ts';
import { kmsOf } from '../kms/state.ts';
import { callerOf } from '../policy/caller.ts';
import type { Lookup } from '../policy/context.ts';
import type { PolicyDocument } from '../policy/document.ts';
import { evaluate, said } from '../policy/evaluate.ts';
import { bucketsOf } from '../s3/state.ts';
import type { Principal } from '../world/service.ts';
import type { World } from '../world/world.ts';
import type { Ask } from './ask.ts';
import { type Identity, identityOf } from './identity.ts';
import { lookupFor } from './request-context.ts';

/** What IAM answers. `why` is the end of the sentence in which AWS tells a denial. */
export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly why: string };

/** A policy that hangs on the resource. */
export interface ResourcePolicy {
  readonly document: PolicyDocument | undefined;
  readonly account: string;
  /** Keys and roles: nobody may without it, whatever their own policies say. */
  readonly alone: boolean;
}

const ALLOWED: Decision = { allowed: true };

/** "Policy evaluation logic" (IAM user guide), for callers and resources of one or of two accounts. */
export function decide(world: World, principal: Principal, region: string, ask: Ask): Decision {
  const identity = identityOf(world, principal);
  const resource = resourcePolicyOf(world, ask);
  return decideBy(identity, resource, principal, ask, lookupFor(world, principal, region, ask));
}

/** The same by given policies, so that a test can ask what a role would do without a statement. */
export function decideBy(
  identity: Identity,
  resource: ResourcePolicy | undefined,
  principal: Principal,
  ask: Ask,
  context: Lookup,
): Decision {
  const asked = { action: ask.action, resource: ask.resource, context };
  const by = (documents: readonly PolicyDocument[]) => {
    const answers = documents.map((document) => evaluate(document, { ...asked, caller: undefined }));
    return answers.includes('denied') ? 'denied' : answers.includes('allowed') ? 'allowed' : 'silent';
  };
  const own = identity.everything ? 'allowed' : by(identity.policies);
  const boundary = identity.boundary ? by([identity.boundary]) : 'allowed';
  const session = identity.session ? by([identity.session]) : 'allowed';
  const there = resource?.document && said(resource.document, { ...asked, caller: callerOf(principal) });
  const explicit = (kind: string): Decision => ({ allowed: false, why: `with an explicit deny in ${kind}` });
  const silent = (kind: string): Decision => ({
    allowed: false,
    why: `because no ${kind} allows the ${ask.action} action`,
  });
  if (own === 'denied') return explicit('an identity-based policy');
  if (boundary === 'denied') return explicit('a permissions boundary');
  if (session === 'denied') return explicit('a session policy');
  if (there?.denied) return explicit('a resource-based policy');

  const named = there?.allowed ?? [];
  const home = resource === undefined || resource.account === principal.account;
  // an account that is named leaves it to its own policies
  const granted = named.some((one) => one !== 'account');
  if (!home && named.length === 0) return silent('resource-based policy');
  if (home && resource?.alone && named.length === 0) return silent('resource-based policy');
  if (home && named.includes('self')) return ALLOWED; // beyond boundary and session policy too
  if (own === 'silent' && !(home && granted)) return silent('identity-based policy');
  if (boundary === 'silent') return silent('permissions boundary');
  if (session === 'silent') return silent('session policy');
  return ALLOWED;
}

/** Buckets, keys and roles have one; of a role it is its trust, where it is to be assumed. */
function resourcePolicyOf(world: World, { action, resource }: Ask): ResourcePolicy | undefined {
  const [, , service, region = '', account = '', ...rest] = resource.split(':');
  const name = rest.join(':');
  if (service === 's3') {
    const bucket = bucketsOf(world)[name.split('/')[0] ?? ''];
    return bucket && { document: bucket.policy, account: bucket.account, alone: false };
  }
  if (service === 'kms') {
    const key = kmsOf(world, account, region).keys[name.replace('key/', '')];
    return key && { document: key.policy, account, alone: true };
  }
  if (service === 'iam' && action.startsWith('sts:')) {
    const role = iamOf(world, account).roles[name.split('/').at(-1) ?? ''];
    return role && { document: role.trust, account, alone: true };
  }
  return undefined;
}
