import type { Principal } from '../world/service.ts';
import type { Caller } from './evaluate.ts';

/** A principal as policies see it. */
export function callerOf(principal: Principal): Caller {
  const { account, arn, roleArn } = principal;
  return { kind: 'aws', account, arn, ...(roleArn ? { roleArn } : {}) };
}
