import { DUTIES, type Duty, type Role } from '@tenant-delivery/domain';
import type { EnvironmentContract, TenantContract } from '@tenant-delivery/tenancy/contract';
import { keyAlias, roleArn, roleName } from '@tenant-delivery/tenancy/derived-names';
import { journalSigners, type RoleFiles, rolesOf } from './roles.ts';
import { shippedTemplates, type Templates, type Values } from './templates.ts';
import { environmentOf, inSignedOrder, type Released, valuesOf } from './values.ts';

/** A policy document of IAM's language. */
export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly unknown[];
}

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

export interface RenderedKey {
  readonly duty: Duty;
  readonly alias: string;
  readonly policy: PolicyDocument;
}

export interface RenderedVault {
  readonly bucket: string;
  readonly versioning: string;
  readonly retention: { readonly mode: 'COMPLIANCE' | 'GOVERNANCE'; readonly days: number };
  readonly policy: PolicyDocument;
}

/** What a provider applies in the account for one environment. */
export interface RenderedEnvironment {
  readonly provider: { readonly url: string; readonly audiences: readonly string[] };
  readonly roles: readonly RenderedRole[];
  /** Of every role that a workflow makes or changes. */
  readonly boundary: Boundary;
  readonly keys: readonly RenderedKey[];
  readonly vault: RenderedVault;
}

/** Contract in, documents out. */
export function renderEnvironment(
  given: TenantContract,
  name: string,
  released: Released,
  templates: Templates = shippedTemplates,
): RenderedEnvironment {
  const contract = inSignedOrder(given);
  const values = valuesOf(contract, name, released);
  const environment = environmentOf(contract, name);
  const provider = templates('oidc-provider.json', values) as { Url: string; ClientIDList: string[] }; // our own file
  const ofServices = Object.values(environment.services).flatMap(({ family }) =>
    taskRoles(family, settingsOf(templates, values, `tasks/`), templates, values),
  );
  const { breakGlass } = environment;
  const boundary = {
    arn: String(values['boundaryArn']),
    document: document(templates, values, 'permissions/boundary'),
  };
  const bounded = (role: RenderedRole) => ({ ...role, boundary });
  const jobs = rolesOf(environment).map((job) => jobRole(contract, name, job, templates, values));
  return {
    provider: { url: provider.Url, audiences: provider.ClientIDList },
    roles: [
      ...jobs.map((role) => (isUnbounded(role) ? role : bounded(role))),
      cloudFormationRole(contract, name, templates, values),
      ...(breakGlass ? [incidentRole(contract, name, breakGlass.role, templates, values)] : []),
      ...ofServices.map(bounded),
    ],
    boundary,
    keys: keysOf(contract, name, environment, templates, values),
    vault: vaultOf(templates, values),
  };
}

/** Every environment of a contract, by name. */
export function renderTenant(
  contract: TenantContract,
  released: Released,
  templates: Templates = shippedTemplates,
): Readonly<Record<string, RenderedEnvironment>> {
  return Object.fromEntries(
    Object.keys(contract.environments).map((name) => [
      name,
      renderEnvironment(contract, name, released, templates),
    ]),
  );
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

function document(templates: Templates, values: Values, file: string): PolicyDocument {
  return templates(`${file}.json`, values) as PolicyDocument; // our own file; a test measures and plays each
}

function jobRole(
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
            [`td-${environment}-${file}`, document(templates, values, `permissions/${file}`)] as const,
        )
        .filter(([, { Statement }]) => Statement.length > 0), // IAM refuses a policy of no statement
    );
  return {
    ...settingsOf(templates, values),
    kind: role,
    name: roleName({ environment }, role),
    description: `${role} of ${id} ${environment}`,
    trust: document(templates, values, `trust/${trust}`),
    policies: policies(permissions),
    optional: policies(optional),
  };
}

/** The boundary denies everything of CloudFormation, and these ask it. Only the account's administrator makes them. */
function isUnbounded({ kind }: RenderedRole): boolean {
  return ['provision-plan', 'provision', 'verify', 'observe'].includes(kind);
}

/** In three policies, one for each kind of stack. */
function cloudFormationRole(
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
    trust: document(templates, values, 'trust/cloudformation'),
    policies: Object.fromEntries(
      files.map((file) => [`td-${environment}-${file}`, document(templates, values, `permissions/${file}`)]),
    ),
  };
}

function incidentRole(
  { id }: TenantContract,
  environment: string,
  name: string,
  templates: Templates,
  values: Values,
): RenderedRole {
  const from = (file: string) => document(templates, values, file);
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
function taskRoles(
  family: string,
  settings: Settings,
  templates: Templates,
  values: Values,
): readonly RenderedRole[] {
  const from = (file: string) => document(templates, values, file);
  return (['execution', 'task'] as const).map((kind) => ({
    ...settings,
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

const SIGNING = ['build', 'gate', 'approve', 'deploy'] as const satisfies readonly (Duty & Role)[];

/** One signing key per duty, answering to that duty's role alone; that of journals to the role of each kind that is there. */
function keysOf(
  { id: tenant, account }: TenantContract,
  name: string,
  environment: EnvironmentContract,
  templates: Templates,
  values: Values,
): readonly RenderedKey[] {
  const place = { tenant, environment: name, account, region: environment.region };
  const signers: Partial<Record<Duty, readonly Role[]>> = {
    ...Object.fromEntries(SIGNING.map((duty) => [duty, [duty]])),
    rotate: journalSigners(environment),
    provision: ['provision-plan', 'provision', 'verify'],
  };
  return DUTIES.flatMap((duty) => {
    const roles = signers[duty] ?? [];
    if (roles.length === 0) return [];
    const signingRoleArns = roles.map((role) => roleArn(place, role));
    return {
      duty,
      alias: keyAlias(place, duty),
      policy: document(templates, { ...values, signingRoleArns }, 'keys/signing'),
    };
  });
}

interface LockSettings {
  readonly Rule: {
    readonly DefaultRetention: { readonly Mode: 'COMPLIANCE' | 'GOVERNANCE'; readonly Days: number };
  };
}

function vaultOf(templates: Templates, values: Values): RenderedVault {
  const { Status } = templates('vault/versioning.json', values) as { Status: string }; // our own files
  const { DefaultRetention } = (templates('vault/object-lock.json', values) as LockSettings).Rule;
  return {
    bucket: String(values['vaultBucket']),
    versioning: Status,
    retention: { mode: DefaultRetention.Mode, days: DefaultRetention.Days },
    policy: document(templates, values, 'vault/policy'),
  };
}
