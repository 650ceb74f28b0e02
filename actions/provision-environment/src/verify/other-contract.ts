import type { Applying } from '../apply/applying.ts';

/**
 * Why what was made cannot be judged: another contract is in force than the one that people approved, and it may ask for less.
 * What a withdrawal leaves is not judged by a contract.
 */
export function otherContract({ admission, plan }: Pick<Applying, 'admission' | 'plan'>): string | undefined {
  if (plan.kind === 'withdrawal' || plan.contract === admission.contractDigest) return undefined;
  return `it was planned under the contract ${plan.contract}, and ${admission.contractDigest} is in force now`;
}
