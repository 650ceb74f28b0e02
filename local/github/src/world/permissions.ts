/** The scopes of a workflow's `permissions:` key. */
export type Scope =
  | 'actions'
  | 'artifact-metadata'
  | 'attestations'
  | 'checks'
  | 'contents'
  | 'deployments'
  | 'discussions'
  | 'id-token'
  | 'issues'
  | 'models'
  | 'packages'
  | 'pages'
  | 'pull-requests'
  | 'security-events'
  | 'statuses';

/** What an App can have and a job's token cannot: no `permissions:` key has these. */
export type AppPermission =
  | 'administration'
  | 'secrets'
  | 'actions_variables'
  | 'environments'
  | 'organization_secrets'
  | 'organization_actions_variables';

const OF_APPS_ALONE: ReadonlySet<string> = new Set<AppPermission>([
  'administration',
  'secrets',
  'actions_variables',
  'environments',
  'organization_secrets',
  'organization_actions_variables',
]);

/** Whether a job's token can have it at all. */
export function isScope(name: Scope | AppPermission): name is Scope {
  return !OF_APPS_ALONE.has(name);
}

export type Access = 'none' | 'read' | 'write';

/** By scope. One that is absent is `none`; `metadata: read` is implied. */
export type Permissions = Readonly<Record<string, Access>>;

const ORDER: Readonly<Record<Access, number>> = { none: 0, read: 1, write: 2 };

export function allows(permissions: Permissions, scope: Scope, needed: Access): boolean {
  return ORDER[permissions[scope] ?? 'none'] >= ORDER[needed];
}

/** The same for an App, whose permissions are written with underscores: `pull_requests`. */
export function appAllows(permissions: Permissions, name: Scope | AppPermission, needed: Access): boolean {
  return ORDER[permissions[name.replaceAll('-', '_')] ?? 'none'] >= ORDER[needed];
}

/**
 * A run for a pull request from a fork may read at most, and gets no identity token
 * (GitHub, "Automatic token authentication": permissions for forked repositories).
 */
export function forFork(permissions: Permissions): Permissions {
  const reduced = Object.entries(permissions).map(([scope, access]) => [
    scope,
    scope === 'id-token' ? 'none' : access === 'write' ? 'read' : access,
  ]);
  return Object.fromEntries(reduced);
}
