import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { type ClientConfig, clientConfig } from './client-config.ts';

/** With the credentials that the SDK finds by itself, or those of a profile: for a provider at a terminal. */
export function ambientConfig(region: string, profile?: string): ClientConfig {
  const base = { region, local: true, scale: 1, userAgent: 'tenant-delivery' };
  return clientConfig(base, defaultProvider(profile === undefined ? {} : { profile }));
}
