import { join } from 'node:path';
import { type RenderedEnvironment, renderEnvironment } from '@tenant-delivery/provisioning/environment';
import { stacksOf } from '@tenant-delivery/provisioning/stacks/stacks-of';
import { thisRelease } from '@tenant-delivery/release/this-release';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import type { Io } from '../io.ts';
import { writeWithFolders } from './write-file.ts';

/**
 * Writes what a provider applies in the account of an environment, a file each and without white space: every document of
 * IAM, KMS and S3 by itself, and the templates of CloudFormation that hold them.
 */
export async function render(
  contract: TenantContract,
  environment: string,
  publishers: readonly string[],
  out: string,
  io: Io,
): Promise<number> {
  const released = { provider: thisRelease().repository, releases: contract.releases ?? [], publishers };
  const rendered = renderEnvironment(contract, environment, released);
  // What is adopted has its template from what is there, and provision.yml alone applies it.
  const stacks = stacksOf(contract, environment, rendered).filter(({ adopts }) => adopts === undefined);
  const documents = [
    ...documentsOf(rendered),
    ...stacks.map(({ name, template }) => [`stacks/${name}.json`, template] as const),
  ];
  for (const [path, document] of documents) {
    await writeWithFolders(join(out, path), JSON.stringify(document), io);
  }
  io.out(`${documents.length} documents of ${contract.id} ${environment} in ${out}.`);
  io.out('Stacks, in the order in which they are made:');
  for (const { name, region, template } of stacks) {
    io.out(`  ${name} in ${region}: ${Object.keys(template.Resources).length} resources`);
  }
  return 0;
}

function documentsOf({ roles, keys, vault }: RenderedEnvironment): readonly (readonly [string, unknown])[] {
  return [
    ...roles.flatMap(({ name, path, trust, policies, optional, boundary, ...role }) => {
      const settings = { path, maxSessionDuration: role.maxSessionDuration, tags: role.tags };
      const inline = (folder: string, of: typeof policies) =>
        Object.entries(of).map(([called, text]) => [`roles/${name}/${folder}/${called}.json`, text] as const);
      return [
        [`roles/${name}/role.json`, settings] as const,
        [`roles/${name}/trust.json`, trust] as const,
        ...inline('policies', policies),
        ...inline('optional', optional),
        ...(boundary ? [[`roles/${name}/boundary.json`, boundary.document] as const] : []),
      ];
    }),
    ...keys.map(({ duty, policy }) => [`keys/${duty}.json`, policy] as const),
    ['vault/policy.json', vault.policy],
  ];
}
