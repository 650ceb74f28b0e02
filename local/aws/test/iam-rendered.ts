import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RenderedEnvironment, renderEnvironment } from '@tenant-delivery/provisioning/environment';
import type { RenderedRole } from '@tenant-delivery/provisioning/environment-roles';
import type { Released } from '@tenant-delivery/provisioning/values';
import { type EnvironmentContract, TenantContract } from '@tenant-delivery/tenancy/contract';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import type { PolicyDocument } from '../src/policy/document.ts';
import { evaluate } from '../src/policy/evaluate.ts';

export const ACCOUNT = '000011112222';
export const REGION = 'eu-west-1';
export const RELEASED: Released = {
  provider: 'OWNER/tenant-delivery',
  releases: ['v0.1.0'],
  publishers: [`arn:aws:iam::${ACCOUNT}:user/operator`],
};

/** acme of the operations template: a fresh copy. */
export function acme(): TenantContract {
  const file = join(import.meta.dirname, '../../../templates/operations-repo/tenants/acme.yaml');
  const read = readYaml(readFileSync(file, 'utf8'), TenantContract);
  if ('document' in read) return read.document;
  throw new Error(read.mistakes.join('; '));
}

/** Its production, with something else agreed. */
export function prodWith(
  agreed: Partial<EnvironmentContract> = {},
  released: Released = RELEASED,
): RenderedEnvironment {
  const contract = acme();
  const { prod } = contract.environments;
  if (!prod) throw new Error('acme has prod');
  const environments = { ...contract.environments, prod: { ...prod, ...agreed } };
  return renderEnvironment({ ...contract, environments }, 'prod', released);
}

/** Credentials of each kind that has a role of its own. */
export const EVERY_KIND = [
  {
    id: 'ci',
    kind: 'iam-access-key',
    user: 'td-rotatable/acme-ci',
    escrow: 'td/rotation/acme-ci',
    consumers: [],
  },
  { id: 'db', kind: 'secrets-manager', secret: 'td/prod/orders-db' },
  { id: 'hub', kind: 'pull-through', secret: 'ecr-pullthroughcache/hub' },
  {
    id: 'hq',
    kind: 'vpn-psk',
    vpn: 'vpn-0acme00000hq0001',
    peer: '203.0.113.10',
    escrow: 'td/rotation/acme-hq',
  },
] as unknown as NonNullable<EnvironmentContract['credentials']>; // what the documents are made of

export function roleOf(rendered: RenderedEnvironment, name: string): RenderedRole {
  const found = rendered.roles.find((role) => role.name === name);
  if (!found) throw new Error(`there is no role ${name}`);
  return found;
}

type Context = Readonly<Record<string, string | readonly string[] | undefined>>;

const HOST = 'token.actions.githubusercontent.com';

/** Whether a trust takes a job with these claims of its token. */
export function trusts(document: unknown, claims: Context, session = 'td-acme-prod-1-1'): boolean {
  const said = Object.entries(claims).map(([claim, value]) => [`${HOST}:${claim}`, value]);
  return (
    evaluate(document as PolicyDocument, {
      caller: { kind: 'federated', provider: `arn:aws:iam::${ACCOUNT}:oidc-provider/${HOST}` },
      action: 'sts:AssumeRoleWithWebIdentity',
      resource: undefined,
      context: { ...Object.fromEntries(said), 'sts:RoleSessionName': session },
    }) === 'allowed'
  );
}

/** Whether the inline policies of a role of acme's production allow an action. */
export function mayIn(rendered: RenderedEnvironment) {
  return (role: string, action: string, resource: string, context: Context = {}): boolean => {
    const { policies } = roleOf(rendered, role.includes('-execution') ? role : `td-prod-${role}`);
    const Statement = Object.values(policies).flatMap((document) => document.Statement);
    return says({ Version: '2012-10-17', Statement }, action, resource, context) === 'allowed';
  };
}

/** What one document says. */
export function says(document: unknown, action: string, resource: string, context: Context = {}) {
  return evaluate(document as PolicyDocument, {
    caller: undefined,
    action,
    resource,
    context: { 'aws:RequestedRegion': REGION, ...context },
  });
}
