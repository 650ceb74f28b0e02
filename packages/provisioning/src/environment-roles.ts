import type { Role } from '@tenant-delivery/domain';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { roleName } from '@tenant-delivery/tenancy/derived-names';
import { type PolicyDocument, policyDocument } from './policy-document.ts';
import type { RoleFiles } from './roles.ts';
import type { Templates, Values } from './templates.ts';

export interface RenderedRole {
  /** A role of jobs, or of something else. `cloudformation`: what CloudFormation does for a stack, it does in this role. */
  readonly kind: Role | 'break-glass' | 'cloudformation' | 'execution' | 'task';
  readonly name: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly description: string;
  /** Seconds. */
  readonly maxSessionDuration: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly trust: PolicyDocument;
  /** Inline policies by name. */
  readonly policies: Readonly<Record<string, PolicyDocument>>;
  /** Further inline policies that a provider may add. */
  readonly optional: Readonly<Record<string, PolicyDocument>>;
  /** The managed policy that bounds it. */
  readonly boundary?: Boundary;
}

export interface Boundary {
  readonly arn: string;
  readonly document: PolicyDocument;
}

interface RoleSettings {
  readonly Path: string;
  readonly MaxSessionDuration: number;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
}

type Settings = Pick<RenderedRole, 'path' | 'maxSessionDuration' | 'tags' | 'optional'>;

function settingsOf(templates: Templates, values: Values, below = ''): Settings {
  const { Path, MaxSessionDuration, Tags } = templates('role.json', values) as RoleSettings; // our own file
  return {
    path: `${Path}${below}`,
    maxSessionDuration: MaxSessionDuration,
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
    optional: {},
  };
}

export function jobRole(
  { id }: TenantContract,
  environment: string,
  [role, { trust, permissions, optional = [] }]: readonly [Role, RoleFiles],
  templates: Templates,
  values: Values,
): RenderedRole {
  const policies = (files: readonly string[]) =>
    Object.fromEntries(
      files
        .map(
          (file) =>
            [`td-${environment}-${file}`, policyDocument(templates, values, `permissions/${file}`)] as const,
        )
        .filter(([, { Statement }]) => Statement.length > 0), // IAM refuses a policy of no statement
    );
  return {
    ...settingsOf(templates, values),
    kind: role,
    name: roleName({ environment }, role),
    description: `${role} of ${id} ${environment}`,
    trust: policyDocument(templates, values, `trust/${trust}`),
    policies: policies(permissions),
    optional: policies(optional),
  };
}

/** The boundary denies everything of CloudFormation, and these ask it. Only the account's administrator makes them. */
export function isUnbounded({ kind }: RenderedRole): boolean {
  return ['provision-plan', 'provision', 'verify', 'observe'].includes(kind);
}

/** In three policies, one for each kind of stack. */
export function cloudFormationRole(
  { id }: TenantContract,
  environment: string,
  templates: Templates,
  values: Values,
): RenderedRole {
  const files = ['cloudformation', 'cloudformation-network', 'cloudformation-services'];
  return {
    ...settingsOf(templates, values),
    kind: 'cloudformation',
    name: `td-${environment}-cloudformation`,
    description: `what CloudFormation does in the stacks of ${id} ${environment}`,
    trust: policyDocument(templates, values, 'trust/cloudformation'),
    policies: Object.fromEntries(
      files.map((file) => [
        `td-${environment}-${file}`,
        policyDocument(templates, values, `permissions/${file}`),
      ]),
    ),
  };
}

export function incidentRole(
  { id }: TenantContract,
  environment: string,
  name: string,
  templates: Templates,
  values: Values,
): RenderedRole {
  const from = (file: string) => policyDocument(templates, values, file);
  return {
    ...settingsOf(templates, values),
    kind: 'break-glass',
    name,
    path: '/td/break-glass/',
    description: `for incidents of ${id} ${environment}`,
    trust: from('trust/break-glass'),
    policies: {
      'td-break-glass': from('permissions/break-glass'),
      'td-grants': from('permissions/break-glass-closed'),
    },
    boundary: {
      arn: String(values['breakGlassBoundaryArn']),
      document: from('permissions/break-glass-boundary'),
    },
  };
}

/** Both roles of a service's tasks. What the task itself may do is the customer's matter. */
export function taskRoles(family: string, templates: Templates, values: Values): readonly RenderedRole[] {
  const from = (file: string) => policyDocument(templates, values, file);
  return (['execution', 'task'] as const).map((kind) => ({
    ...settingsOf(templates, values, 'tasks/'),
    kind,
    name: `${family}-${kind}`,
    description: `${kind} role of ${family}`,
    trust: from('trust/tasks'),
    policies:
      kind === 'task'
        ? {}
        : { execution: from('permissions/execution'), secrets: from('permissions/execution-secrets') },
  }));
}
