import { ROLES } from '@tenant-delivery/domain';
import type { EnvironmentContract, TenantContract } from './contract.ts';
import { roleName } from './derived-names.ts';

/** What is wrong with what an environment agrees on for incidents. */
export function lintBreakGlass(
  { environments, id }: Pick<TenantContract, 'environments' | 'id'>,
  name: string,
  { breakGlass, approval }: EnvironmentContract,
): readonly string[] {
  if (!breakGlass) return [];
  const others = Object.entries(environments).flatMap(([other, { credentials = [], breakGlass: theirs }]) => [
    ...credentials.map(({ id }) => ({ id, role: undefined })),
    ...(theirs && other !== name ? [{ id: theirs.id, role: theirs.role }] : []),
  ]);
  const taken = Object.keys(environments).flatMap((each) =>
    ROLES.map((role) => roleName({ environment: each }, role)),
  );
  const expected = `${id}-${name}-break-glass`;
  const people = new Set(Object.values(approval.roles).flat()).size;
  const { environment, reviewers } = breakGlass.approval;
  const says = (holds: boolean, problem: string) => (holds ? [] : [`breakGlass.${problem}`]);
  return [
    ...says(
      others.every(({ id }) => id !== breakGlass.id),
      `id: ${breakGlass.id} names another journal already`,
    ),
    ...says(
      others.every(({ role }) => role !== breakGlass.role),
      `role: ${breakGlass.role} is another environment's already`,
    ),
    ...says(!taken.includes(breakGlass.role), `role: ${breakGlass.role} is the name of a role of jobs`),
    ...says(
      environment === expected,
      `approval.environment: must be ${expected}, in which break-glass.yml opens and closes grants`,
    ),
    // the person who asks cannot approve
    ...says(
      people > reviewers,
      `approval.reviewers: approval.roles names ${people} people; ${reviewers} must approve who did not ask`,
    ),
  ];
}
