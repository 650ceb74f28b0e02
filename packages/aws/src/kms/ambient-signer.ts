import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { Duty } from '@tenant-delivery/domain';
import type { Signer } from '@tenant-delivery/evidence/ports';
import { clientConfig } from '../session/client-config.ts';
import { kmsSigner } from './signer.ts';

/** A key of KMS with the credentials that the SDK finds by itself: for a provider at a terminal. `key`: alias or ARN. */
export function ambientSigner(key: string, region: string, duty: Duty): Promise<Signer> {
  const base = { region, local: true, scale: 1, userAgent: 'tenant-delivery' };
  return kmsSigner(clientConfig(base, defaultProvider()), { key, duty });
}
