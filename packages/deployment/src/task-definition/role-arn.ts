import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { JsonObject } from '../json.ts';
import type { TaskDefinitionDocument } from '../observed.ts';
import type { Changed } from './patch.ts';
import { placeholderIn } from './unfilled.ts';

/** Where roles that are given by their name are. */
export interface RolePlace {
  readonly account: string;
  readonly partition: string;
}

const ROLES = ['taskRoleArn', 'executionRoleArn'] as const;
const ARN = /^arn:([a-z-]+):iam::(\d{12}):role\/[\w+=,.@/-]+$/;
const NAME = /^\/?[\w+=,.@-][\w+=,.@/-]*$/;

/**
 * Roles by their ARN, also where they were given by name. A role that is the current one stays as that is written, so
 * that writing it otherwise makes no new revision.
 */
export function withRoleArns(
  document: TaskDefinitionDocument,
  current: TaskDefinitionDocument,
  place: RolePlace,
): Changed {
  const judged = ROLES.flatMap((member) => {
    const role = document[member];
    return typeof role !== 'string' || role === '' || role === current[member]
      ? []
      : [{ member, ...judge(member, role, current, place) }];
  });
  const arns: JsonObject = Object.fromEntries(judged.map(({ member, arn }) => [member, arn]));
  return { document: { ...document, ...arns }, mistakes: judged.flatMap(({ mistakes }) => mistakes) };
}

function judge(
  member: string,
  role: string,
  current: TaskDefinitionDocument,
  { account, partition }: RolePlace,
): { readonly arn: string; readonly mistakes: readonly Mistake[] } {
  const mistake = (problem: string) => ({ arn: role, mistakes: [{ path: member, problem }] });
  if (placeholderIn(role) !== undefined) return { arn: role, mistakes: [] }; // told where the whole is judged
  const [, its, owner] = ARN.exec(role) ?? [];
  if (owner === undefined && !NAME.test(role)) return mistake('is neither the ARN nor the name of a role');
  if (owner !== undefined && (owner !== account || its !== partition)) {
    return mistake(
      `is a role of account ${owner} (${its}); tasks take roles of their own account, ${account}`,
    );
  }
  const arnOf = (text: string) =>
    text.startsWith('arn:') ? text : `arn:${partition}:iam::${account}:role/${text.replace(/^\//, '')}`;
  const now = current[member];
  const same = typeof now === 'string' && arnOf(now) === arnOf(role);
  return { arn: same ? now : arnOf(role), mistakes: [] };
}
