import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

export const ORDERS = {
  tenant: 'acme',
  environment: 'prod',
  account: '000011112222',
  region: 'eu-west-1',
  service: 'orders',
};

/** A contract of the operations template with its production alone, parsed and not checked. */
export async function contractOf(tenant: string): Promise<unknown> {
  const file = join(import.meta.dirname, `../../templates/operations-repo/tenants/${tenant}.yaml`);
  const contract = parse(await readFile(file, 'utf8')) as { environments: { prod: unknown } }; // our own file
  return { ...contract, environments: { prod: contract.environments.prod } };
}
