import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TenantContract } from '../src/contract.ts';
import { readYaml } from '../src/read-yaml.ts';

function contractText(tenant: string): string {
  const file = join(import.meta.dirname, `../../../templates/operations-repo/tenants/${tenant}.yaml`);
  return readFileSync(file, 'utf8');
}

function template(tenant: string): TenantContract {
  const read = readYaml(contractText(tenant), TenantContract);
  if ('document' in read) return read.document;
  throw new Error(read.mistakes.join('; '));
}

/** The contracts of the operations template: fresh copies, for a test to change. */
export const acme = () => template('acme');
export const globex = () => template('globex');
