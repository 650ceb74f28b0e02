import type { Role } from '@tenant-delivery/domain';
import type { EnvironmentContract } from '@tenant-delivery/tenancy/contract';
import { rotationRole } from '@tenant-delivery/tenancy/credential-subject';

/** From which files of `templates/iam` a role is made. */
export interface RoleFiles {
  /** In `trust/`. */
  readonly trust: string;
  /** In `permissions/`. */
  readonly permissions: readonly string[];
  /** One more that a provider may add by hand, counted in the role's size. */
  readonly optional?: readonly string[];
}

type OfEnvironment = (environment: EnvironmentContract) => RoleFiles | undefined;

/** Of the same name in both folders. */
const of = (role: Role): RoleFiles => ({ trust: role, permissions: [role] });

/** A role that rotates some kinds of credentials exists if the contract has a credential of these kinds. */
const turning =
  (role: Role, permissions: readonly string[], trust = 'rotate'): OfEnvironment =>
  ({ credentials = [] }) =>
    credentials.some(({ kind }) => rotationRole(kind) === role) ? { trust, permissions } : undefined;

/** GitHub's side is seen and set by the App of the contract, whose key the role reads. */
const askingGithub =
  (role: Role): OfEnvironment =>
  ({ githubApp }) => ({ trust: role, permissions: [role, ...(githubApp ? ['github-app'] : [])] });

/** What looks at the stacks. To describe the links of a network is to be told the keys of any other that does not hide them. */
function looking({ network }: EnvironmentContract): readonly string[] {
  return ['observe', ...(Object.keys(network?.links ?? {}).length > 0 ? ['observe-links'] : [])];
}

/** Every role of the domain with its files; `undefined` where an environment has no use for it. */
const FILES: Readonly<Record<Role, OfEnvironment>> = {
  'pull-request': () => of('pull-request'),
  read: ({ breakGlass }) => ({
    trust: 'read',
    permissions: ['read', ...(breakGlass ? ['read-break-glass'] : [])],
  }),
  build: ({ registry }) => ({
    trust: 'build',
    permissions: [
      'build',
      ...(registry?.createIfMissing ? ['build-create-repository'] : []),
      ...(registry?.signingProfile === undefined ? [] : ['build-managed-signing']),
    ],
  }),
  gate: () => of('gate'),
  // Approving is signing and recording: its key and the evidence role allow that, so it has no permissions.
  approve: () => ({ trust: 'approve', permissions: [] }),
  deploy: () => ({ ...of('deploy'), optional: ['deploy-retention'] }),
  redeploy: turning('rotate-secret', ['deploy'], 'redeploy'),
  rotate: turning('rotate', ['rotate', 'rotate-leak']),
  'rotate-secret': turning('rotate-secret', ['rotate-secret']),
  'rotate-registry': turning('rotate-registry', ['rotate-registry']),
  'rotate-vpn': turning('rotate-vpn', ['rotate-vpn']),
  access: ({ breakGlass }) => (breakGlass ? of('access') : undefined),
  report: ({ credentials = [], githubApp }) =>
    credentials.length === 0
      ? undefined
      : { trust: 'report', permissions: ['report', ...(githubApp ? ['github-app'] : [])] },
  evidence: () => of('evidence'),
  journal: ({ credentials = [], breakGlass }) =>
    credentials.length > 0 || breakGlass ? of('journal') : undefined,
  'provision-plan': askingGithub('provision-plan'),
  provision: askingGithub('provision'),
  verify: (environment) => ({ trust: 'verify', permissions: [...looking(environment), 'verify'] }),
  observe: (environment) => ({ trust: 'observe', permissions: looking(environment) }),
};

/** The roles of an environment, with the files of each. */
export function rolesOf(environment: EnvironmentContract): readonly (readonly [Role, RoleFiles])[] {
  const roles = Object.keys(FILES) as Role[]; // its own keys
  return roles.flatMap((role) => {
    const files = FILES[role](environment);
    return files ? [[role, files] as const] : [];
  });
}

/** The roles that use the key of rotations: the role of each kind in the contract, and the one that opens grants. */
export function journalSigners(environment: EnvironmentContract): readonly Role[] {
  const turners = (environment.credentials ?? []).map(({ kind }) => rotationRole(kind));
  const granting: readonly Role[] = environment.breakGlass ? ['access'] : []; // grants have a journal too
  return [...new Set([...turners, ...granting])];
}
