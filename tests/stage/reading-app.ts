import { addApp, installApp } from '@tenant-delivery/local-github/world/app';
import { repositoryNamed } from '@tenant-delivery/local-github/world/repository';
import { storeOf } from '@tenant-delivery/local-github/world/secret-store';
import type { LocalPlatform } from '@tenant-delivery/local-platform';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';

const READER = { id: 79, slug: 'reader' };

/**
 * Registers an App that may only read, installs it where the customer's repositories are, and gives the operations repository
 * its number and key. Answers a line of the key, which nothing may print.
 */
export function giveReadingApp(
  { github: { world } }: LocalPlatform,
  { repositories, operations }: TenantContract,
): string {
  const [customer] = repositories;
  const [owner = ''] = customer?.repository.split('/') ?? [];
  const { app, privateKey } = addApp(world, {
    ...READER,
    owner,
    permissions: { actions: 'read', contents: 'read' },
  });
  installApp(world, app, { account: owner });
  const repository = repositoryNamed(world, operations.repository);
  const { secrets, variables } = storeOf(world, { kind: 'repository', repository });
  const stored = (name: string, value: string) => ({ name, value, createdAt: 0, updatedAt: 0 });
  secrets.set('READER_APP_KEY', stored('READER_APP_KEY', privateKey));
  variables.set('READER_APP_ID', stored('READER_APP_ID', String(READER.id)));
  return privateKey.split('\n')[3] ?? '';
}
