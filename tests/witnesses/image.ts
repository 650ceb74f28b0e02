import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import type { LocalAws, OperatorKey } from '@tenant-delivery/local-aws';
import type { Built } from '@tenant-delivery/oci/builder';
import { ownBuilder } from '@tenant-delivery/oci/own/builder';
import { registryClient } from '@tenant-delivery/oci/registry/client';
import type { RegistryLogin, RegistryReader, RegistryWriter } from '@tenant-delivery/oci/registry/port';

/** Retries wait for no real time here. */
const CLOCK = { now: () => Date.now(), sleep: async () => {} };

/** The registry of an operator's account, and the login that GetAuthorizationToken gives for it. */
export async function registryOf(
  aws: LocalAws,
  operator: OperatorKey,
): Promise<{ readonly writer: RegistryWriter; readonly login: RegistryLogin }> {
  const ecr = new ECRClient({ region: 'eu-west-1', endpoint: aws.url, credentials: operator });
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const { authorizationToken = '', proxyEndpoint: url = '' } = authorizationData?.[0] ?? {};
  const [username = '', password = ''] = Buffer.from(authorizationToken, 'base64').toString().split(':');
  const credentials = { username, password };
  return {
    writer: registryClient({ url, credentials, fetch, clock: CLOCK }),
    login: { host: new URL(url).host, ...credentials },
  };
}

/** An image by our own builder: `content` in one file, over `from` (an image of the registry, or `scratch`). */
export async function buildImage(
  registry: RegistryReader,
  folder: string,
  { from, content }: { readonly from: string; readonly content: string },
): Promise<Built> {
  const context = join(folder, 'context');
  mkdirSync(context, { recursive: true });
  writeFileSync(join(context, 'server.js'), content);
  writeFileSync(
    join(context, 'Dockerfile'),
    `FROM ${from}\nCOPY server.js /srv/server.js\nCMD ["node", "/srv/server.js"]\n`,
  );
  return ownBuilder(registry).build({
    context,
    dockerfile: 'Dockerfile',
    platforms: ['linux/amd64'],
    buildArgs: {},
    base: [],
    labels: { 'org.opencontainers.image.revision': '0'.repeat(40) },
    epoch: 1_750_000_000,
    output: join(folder, 'layout'),
  });
}
