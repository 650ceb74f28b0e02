import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import type { Session } from '@tenant-delivery/aws/session/session';
import { readClaims } from '@tenant-delivery/delivery/claims';
import { ACME } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { seedBaseImages, seedRepository } from '@tenant-delivery/local-aws/services/ecr';

const SCALE = 60; // minutes become seconds

/** acme's registry in a local AWS, and a session that may use it. */
export interface LocalRegistry {
  readonly aws: LocalAws;
  readonly session: Session;
}

export async function localRegistry(
  options: { readonly absent?: boolean } & Parameters<typeof seedRepository>[4] = {},
): Promise<LocalRegistry> {
  const aws = await startLocalAws({ scale: SCALE });
  process.env['AWS_ENDPOINT_URL'] = aws.url; // the SDK reads it by itself
  const { account, region } = ACME;
  const key = aws.addAccount(account);
  await seedBaseImages(aws.world, account, region);
  if (!options.absent) seedRepository(aws.world, account, region, 'acme/orders', options);
  const credentials = async () => ({ ...key, sessionToken: '', expiration: new Date('2099-01-01') });
  const base = { region, local: true, scale: SCALE, userAgent: 'test' };
  const session: Session = {
    region,
    local: true,
    target: ACME,
    clock: aws.clock,
    claims: readClaims(`.${Buffer.from('{}').toString('base64url')}.`),
    assume: async () => {},
    credentialsFor: () => credentials,
    identityIn: async () => ({ account, arn: `arn:aws:iam::${account}:root`, partition: 'aws' }),
    clientConfig: (_, attempts) => ({ ...clientConfig(base, credentials, attempts), endpoint: aws.url }),
  };
  return { aws, session };
}
