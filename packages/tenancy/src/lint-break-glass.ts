import { ROLES } from '@tenant-delivery/domain';
import type { EnvironmentContract, TenantContract } from './contract.ts';

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
  const jobs = Object.keys(environments).flatMap((each) =>
    [...ROLES, 'cloudformation'].map((role) => `td-${each}-${role}`),
  );
  const theirs = Object.keys(environments).filter((other) => other !== name);
  const taken = [
    ...others.flatMap(({ role }) => role ?? []),
    ...theirs.map((other) => `td-${other}-break-glass`), // which its boundary names while it agrees on none
  ];
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
      !taken.some((role) => sameInIam(role, breakGlass.role)),
      `role: ${breakGlass.role} is another environment's, whose boundary lets its roles reach it; give each environment a role of its own`,
    ),
    ...says(
      !jobs.some((role) => sameInIam(role, breakGlass.role)),
      `role: ${breakGlass.role} is the name of a role of jobs`,
    ),
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

/** "Names are not distinguished by case" (IAM identifiers): an account cannot have both. */
function sameInIam(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
