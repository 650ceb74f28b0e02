import { acknowledging, type CredentialConsumer } from './consumers.ts';
import { type Around, says } from './lint.ts';

/** What is wrong with those who are given a credential. */
export function lintConsumers(
  consumers: readonly CredentialConsumer[],
  { githubApp, operations }: Around,
): readonly string[] {
  const github = consumers.flatMap((consumer) => (consumer.kind === 'github' ? [consumer] : []));
  const people = consumers.flatMap((consumer) => acknowledging(consumer) ?? []);
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
    ...says(
      github.every(({ organisation, environment }) => !organisation || environment === undefined),
      'consumers: secrets of an organisation are of no environment; leave one of the two out',
    ),
    ...says(
      new Set(people).size === people.length,
      'consumers: two that are acknowledged have the same name',
    ),
  ];
}
