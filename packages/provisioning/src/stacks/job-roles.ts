import type { Boundary, RenderedRole } from '../environment-roles.ts';
import { logicalId, type Resource, type Resources, tagList } from './template.ts';

export const roleId = ({ kind }: RenderedRole) => logicalId('role', kind);

/** A role of IAM as a contract and the templates make it. */
function roleOf(role: RenderedRole): Resource {
  return {
    Type: 'AWS::IAM::Role',
    ...(hasItsOwn(role) && { DependsOn: `${roleId(role)}Boundary` }),
    Properties: {
      RoleName: role.name,
      Path: role.path,
      Description: role.description,
      MaxSessionDuration: role.maxSessionDuration,
      AssumeRolePolicyDocument: role.trust,
      Policies: Object.entries(role.policies).map(([PolicyName, PolicyDocument]) => ({
        PolicyName,
        PolicyDocument,
      })),
      ...(role.boundary && { PermissionsBoundary: role.boundary.arn }),
      Tags: tagList(role.tags),
    },
  };
}

/** The boundary of an incident's role is its own. Every other role has that of the environment, which is made before. */
function hasItsOwn({ kind, boundary }: RenderedRole): boolean {
  return kind === 'break-glass' && boundary !== undefined;
}

export function boundaryOf({ arn, document }: Boundary): Resource {
  const [, path = ''] = arn.split(':policy');
  const at = path.lastIndexOf('/');
  return {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: {
      ManagedPolicyName: path.slice(at + 1),
      Path: path.slice(0, at + 1),
      PolicyDocument: document,
    },
  };
}

/** Roles and what bounds them. */
export function rolesIn(roles: readonly RenderedRole[]): Resources {
  return Object.fromEntries(
    roles.flatMap((role) => [
      ...(role.boundary && hasItsOwn(role)
        ? [[`${roleId(role)}Boundary`, boundaryOf(role.boundary)] as const]
        : []),
      [roleId(role), roleOf(role)] as const,
    ]),
  );
}
