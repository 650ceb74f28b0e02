import type { CredentialConsumer } from '../credential-terms.ts';
import { type Around, says } from './around.ts';

/** What is wrong with those who are given a credential. */
export function lintConsumers(
  consumers: readonly CredentialConsumer[],
  { githubApp, operations }: Around,
): readonly string[] {
  const github = consumers.flatMap((consumer) => (consumer.kind === 'github' ? [consumer] : []));
  const external = consumers.flatMap((consumer) => (consumer.kind === 'external' ? [consumer.name] : []));
  return [
    ...says(consumers.length > 0, 'consumers: there is none; without one, delete the key instead'),
    ...says(
      github.length === 0 || githubApp !== undefined,
      'consumers: secrets of GitHub are written by an App, which githubApp of the environment must name',
    ),
    ...says(
      github.every(({ repository }) => repository.toLowerCase() !== operations.toLowerCase()),
      `consumers: ${operations} is where rotations run, with an identity of its own; give its jobs a role in place of this key`,
    ),
    ...says(new Set(external).size === external.length, 'consumers: two external ones have the same name'),
  ];
}
