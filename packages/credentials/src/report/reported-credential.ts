import { HOUR } from '@tenant-delivery/domain';
import type { CredentialConsumer } from '../consumers.ts';
import type { Credential } from '../credential.ts';
import { agreedTimes } from '../credential-times.ts';
import { homeOf, placeOf } from '../secret-home.ts';
import type { DeclaredConsumer, ReportedCredential } from './credentials.ts';

/** What a report asks of a credential of the contract. */
export function reportedCredential(agreed: Credential): ReportedCredential {
  const consumers = 'consumers' in agreed ? agreed.consumers.map(declared) : [];
  return agreed.kind === 'iam-access-key'
    ? { ...agreed, consumers, policy: agreedTimes(agreed) }
    : { ...agreed, consumers };
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
