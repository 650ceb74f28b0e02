import type { ChangeKind } from '@tenant-delivery/domain';
import type { ApprovalAgreement } from '@tenant-delivery/tenancy/environment-protection';

/**
 * Who approves a change of this kind, for each GitHub environment in which somebody does. What is taken away, both sides
 * approve: GitHub starts a job after one word on its environment, so the other side has an environment of its own.
 */
export function approvalSides(
  kind: ChangeKind,
  agreed: ApprovalAgreement,
): readonly [ApprovalAgreement, ...ApprovalAgreement[]] {
  return kind === 'withdrawal' ? [agreed, otherSide(agreed)] : [agreed];
}

/** The people of all roles that the contract does not ask otherwise. Nobody is on both sides. */
function otherSide({ environment, required, roles, ...agreed }: ApprovalAgreement): ApprovalAgreement {
  const asked = (role: string) => (required[role] ?? 0) > 0;
  const already = new Set(Object.keys(roles).flatMap((role) => (asked(role) ? roles[role] : [])));
  const others = Object.entries(roles)
    .filter(([role]) => !asked(role))
    .map(([role, people]) => [role, people.filter((id) => !already.has(id))] as const);
  return {
    ...agreed,
    environment: `${environment}-second`,
    // one person of any of them
    required: Object.fromEntries(others.map(([role], at) => [role, at === 0 ? 1 : 0])),
    roles: Object.fromEntries(others),
  };
}
