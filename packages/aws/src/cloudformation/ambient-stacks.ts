import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { StackReader } from '@tenant-delivery/provisioning/ports';
import { clientConfig } from '../session/client-config.ts';
import { cloudformationClient } from './cloudformation-client.ts';
import { stackReader } from './stack-reader.ts';

/** The stacks of a region with the credentials that the SDK finds by itself: for a provider at a terminal. */
export function ambientStacks(region: string): StackReader {
  const base = { region, local: true, scale: 1, userAgent: 'tenant-delivery' };
  return stackReader(cloudformationClient(clientConfig(base, defaultProvider())));
}
