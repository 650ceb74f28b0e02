import type { Access, Permissions } from '../ports.ts';
import { mapping, text, type Value } from '../value.ts';

const SCOPES =
  'actions artifact-metadata attestations checks contents deployments discussions id-token issues models packages pages pull-requests security-events statuses'.split(
    ' ',
  );
const RANK: Readonly<Record<Access, number>> = { none: 0, read: 1, write: 2 };

/** What GITHUB_TOKEN may do where no `permissions` are written: GitHub's default for new repositories. */
export const DEFAULT_PERMISSIONS: Permissions = { contents: 'read', packages: 'read' };

/** A `permissions:` value: `read-all`, `write-all`, or scopes, where a scope that is not named is `none`. */
export function permissionsOf(value: Value): Permissions {
  if (value === 'write-all') return Object.fromEntries(SCOPES.map((scope) => [scope, 'write' as const]));
  if (value === 'read-all') {
    const readable = SCOPES.filter((scope) => scope !== 'id-token');
    return Object.fromEntries(readable.map((scope) => [scope, 'read' as const]));
  }
  return Object.fromEntries(
    Object.entries(mapping(value)).map(([scope, access]) => [scope, accessOf(access)]),
  );
}

function accessOf(value: Value): Access {
  const access = text(value);
  return access === 'write' || access === 'read' ? access : 'none';
}

/** Each scope that asks for more than is granted, in GitHub's words. */
export function excess(asked: Permissions, granted: Permissions): readonly string[] {
  return Object.entries(asked)
    .filter(([scope, access]) => RANK[access] > RANK[granted[scope] ?? 'none'])
    .map(
      ([scope, access]) =>
        `'${scope}: ${access}', but is only allowed '${scope}: ${granted[scope] ?? 'none'}'`,
    );
}
