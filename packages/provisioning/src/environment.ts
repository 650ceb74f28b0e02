import { DUTIES, type Duty, type Role } from '@tenant-delivery/domain';
import type { EnvironmentContract, TenantContract } from '@tenant-delivery/tenancy/contract';
import { keyAlias, roleArn } from '@tenant-delivery/tenancy/derived-names';
import {
  type Boundary,
  cloudFormationRole,
  incidentRole,
  isUnbounded,
  jobRole,
  type RenderedRole,
  taskRoles,
} from './environment-roles.ts';
import { type PolicyDocument, policyDocument } from './policy-document.ts';
import { journalSigners, rolesOf } from './roles.ts';
import { shippedTemplates, type Templates, type Values } from './templates.ts';
import { environmentOf, inSignedOrder, type Released, valuesOf } from './values.ts';

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
    taskRoles(family, templates, values),
  );
  const { breakGlass } = environment;
  const boundary = {
    arn: String(values['boundaryArn']),
    document: policyDocument(templates, values, 'permissions/boundary'),
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
      policy: policyDocument(templates, { ...values, signingRoleArns }, 'keys/signing'),
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
    policy: policyDocument(templates, values, 'vault/policy'),
  };
}
