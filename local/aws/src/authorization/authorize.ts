import type { Principal } from '../world/service.ts';
import type { World } from '../world/world.ts';
import type { Ask } from './ask.ts';
import { type Decision, decide } from './decide.ts';
import { keepDecision } from './decisions.ts';
import { actionReference, fitsAction } from './reference.ts';

/** Somebody who asks, and from where; an operation that AWS serves unsigned has nobody. */
export interface Asking {
  readonly world: World;
  readonly principal: Principal | undefined;
  readonly region: string;
}

/**
 * Asks IAM all of it and writes down what was asked. Answers the first denial, as AWS tells it. `known` is the world as
 * IAM knows it where it is asked.
 */
export function refusalOf(
  { world, principal, region }: Asking,
  asks: readonly Ask[],
  known = world,
): string | undefined {
  if (principal === undefined) return undefined;
  for (const ask of asks) {
    const decision = decide(known, principal, region, checked(ask));
    writeDown({ world, principal, region }, ask, decision);
    if (!decision.allowed) return sentence(principal, ask, decision.why);
    if (isOfAnotherAccount(ask, principal)) return 'Cross-account pass role is not allowed.';
  }
  return undefined;
}

/** "Grant a user permissions to pass a role to an AWS service": a role goes only to services of its own account. */
function isOfAnotherAccount({ action, resource }: Ask, { account }: Principal): boolean {
  return action === 'iam:PassRole' && resource.split(':')[4] !== account;
}

/** The same, without writing it down. */
export function wouldRefuse({ world, principal, region }: Asking, asks: readonly Ask[]): string | undefined {
  if (principal === undefined) return undefined;
  for (const ask of asks) {
    const decision = decide(world, principal, region, checked(ask));
    if (!decision.allowed) return sentence(principal, ask, decision.why);
    if (isOfAnotherAccount(ask, principal)) return 'Cross-account pass role is not allowed.';
  }
  return undefined;
}

function writeDown(
  { world, principal, region }: Asking & { readonly principal: Principal },
  ask: Ask,
  decision: Decision,
): void {
  keepDecision(world, {
    time: world.clock.now(),
    principal: withoutKey(principal),
    region,
    ask,
    allowed: decision.allowed,
    ...(decision.allowed ? {} : { why: decision.why }),
  });
}

function withoutKey({
  account,
  arn,
  roleArn,
  issued,
  sourceIdentity,
  mfa,
  sessionPolicy,
}: Principal): Principal {
  return {
    account,
    arn,
    ...(roleArn && { roleArn }),
    ...(issued !== undefined && { issued }),
    ...(sourceIdentity !== undefined && { sourceIdentity }),
    ...(mfa && { mfa }),
    ...(sessionPolicy && { sessionPolicy }),
  };
}

/** Whether AWS's reference has such a question. */
export function canBeAsked({ action, resource }: Ask): boolean {
  const reference = actionReference(action);
  return reference !== undefined && fitsAction(reference, resource);
}

/** This double asks only what AWS's reference knows: any other question would be a mistake of ours. */
function checked(ask: Ask): Ask {
  const reference = actionReference(ask.action);
  if (!reference) throw new Error(`AWS's reference knows no action ${ask.action}`);
  if (!fitsAction(reference, ask.resource))
    throw new Error(`${ask.action} is not asked about ${ask.resource}, as AWS's reference has it`);
  return ask;
}

function sentence({ arn }: Principal, { action, resource }: Ask, why: string): string {
  const on = action.startsWith('s3:') ? `"${resource}"` : resource;
  return `User: ${arn} is not authorized to perform: ${action} on resource: ${on} ${why}`;
}
