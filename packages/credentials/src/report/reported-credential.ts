import { HOUR } from '@tenant-delivery/domain';
import type { CredentialConsumer } from '../consumers.ts';
import type { Credential } from '../kinds.ts';
import { homeOf, placeOf } from '../secret-home.ts';
import type { ReportedCredential } from './credentials.ts';
import type { DeclaredConsumer } from './declared-consumer.ts';

/** What a report asks of a credential of the contract. */
export function reportedCredential(agreed: Credential): ReportedCredential {
  const consumers = 'consumers' in agreed ? agreed.consumers.map(declared) : [];
  return { ...agreed, consumers };
}

/** By the ids that a rotation gives them in its journal. */
function declared(consumer: CredentialConsumer): DeclaredConsumer {
  const cadence = consumer.cadenceHours * HOUR;
  if (consumer.kind === 'external')
    return { id: `external:${consumer.name}`, switching: 'acknowledged', cadence };
  if (consumer.kind === 'secrets-manager')
    return { id: `secret:${consumer.secret}`, switching: 'replaced', cadence };
  const at = `github:${placeOf(homeOf(consumer))}`;
  return consumer.mode === 'slots'
    ? { id: `${at}:${consumer.name}`, switching: 'staged', cadence }
    : { id: `${at}:${consumer.secretName}`, switching: 'in-place', cadence };
}
