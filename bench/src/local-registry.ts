import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { issueToken } from '@tenant-delivery/local-aws/registry/tokens';
import { seedRepository } from '@tenant-delivery/local-aws/services/ecr';
import { registryClient } from '@tenant-delivery/oci/registry/client';
import type { RegistryWriter } from '@tenant-delivery/oci/registry/port';

const ACCOUNT = '000011112222';
const REGION = 'eu-west-1';

/** A local AWS with empty repositories, and a login for its registry. */
export interface LocalRegistry {
  readonly aws: LocalAws;
  readonly credentials: { readonly username: string; readonly password: string };
  readonly writer: RegistryWriter;
  close(): Promise<void>;
}

export async function startRegistry(repositories: readonly string[]): Promise<LocalRegistry> {
  const aws = await startLocalAws();
  aws.addAccount(ACCOUNT);
  for (const name of repositories) seedRepository(aws.world, ACCOUNT, REGION, name);
  const { password } = issueToken(aws.world, REGION, { account: ACCOUNT, arn: 'bench' });
  const credentials = { username: 'AWS', password };
  const clock = { now: () => Date.now(), sleep: async () => {} };
  const writer = registryClient({ url: aws.url, credentials, fetch, clock });
  return { aws, credentials, writer, close: () => aws.close() };
}
