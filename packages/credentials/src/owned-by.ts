import type { CredentialConsumer } from './consumers.ts';
import type { Owned } from './credential-kind.ts';

/** Where consumers keep what they are given. Two that share a place would overwrite each other. */
export function ownedBy(
  consumers: readonly CredentialConsumer[],
  slots: readonly string[],
): readonly Owned[] {
  return consumers.flatMap((consumer): readonly Owned[] => {
    if (consumer.kind === 'secrets-manager') return [{ what: 'secret', name: consumer.secret }];
    return placesOf(consumer, slots).map((name) => ({ what: 'place', name }));
  });
}

function placesOf(consumer: CredentialConsumer, slots: readonly string[]): readonly string[] {
  if (consumer.kind !== 'github') return [];
  const { repository, environment, organisation } = consumer;
  const place = organisation ? (repository.split('/')[0] ?? '') : repository;
  const home = `${place}${environment === undefined ? '' : ` (${environment})`}`.toLowerCase();
  const names =
    consumer.mode === 'slots'
      ? slots.map((slot) => `${consumer.name}_${slot}`)
      : [consumer.idName, consumer.secretName];
  return names.map((name) => `${name} of ${home}`);
}
