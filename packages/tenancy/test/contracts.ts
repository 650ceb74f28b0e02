import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TenantContract } from '../src/contract.ts';
import { readYaml } from '../src/read-yaml.ts';

export function contractText(tenant: string): string {
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

/** acme with the credentials that its file shows as a comment. */
export function acmeWithCredentials(): TenantContract {
  const shown = contractText('acme').replace(/^ {4}# credentials:[\s\S]*?(?=^ {2}staging:)/m, (comment) =>
    comment.replace(/^( {4})# /gm, '$1'),
  );
  const read = readYaml(shown, TenantContract);
  if ('document' in read) return read.document;
  throw new Error(read.mistakes.join('; '));
}
