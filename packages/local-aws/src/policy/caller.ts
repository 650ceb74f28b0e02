import type { Principal } from '../world/service.ts';
import type { Context } from './condition.ts';
import type { Caller } from './evaluate.ts';

/** A principal as policies see it. */
export function callerOf(principal: Principal): Caller {
  const { account, arn, roleArn } = principal;
  return { kind: 'aws', account, arn, ...(roleArn ? { roleArn } : {}) };
}

/** The global condition keys of a signed request. `aws:PrincipalArn` of a session is its role ("Global condition context keys"). */
export function globalContext(principal: Principal, region: string): Context {
  return {
    'aws:PrincipalArn': principal.roleArn || principal.arn,
    'aws:PrincipalAccount': principal.account,
    'aws:RequestedRegion': region,
    // Loopback stands for TLS, so that policies which demand TLS are the same here and at AWS.
    'aws:SecureTransport': 'true',
    'aws:SourceIdentity': principal.sourceIdentity,
    'aws:MultiFactorAuthPresent': principal.mfa && 'true',
  };
}
