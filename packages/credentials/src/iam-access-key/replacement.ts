import type { DeclaredConsumer } from '../report/declared-consumer.ts';

interface Used {
  readonly consumers: readonly DeclaredConsumer[];
}

/** What could replace the long-lived key, as far as its consumers show. */
export function replacementOf({ consumers }: Used): string {
  const jobs = consumers.some(({ id }) => id.startsWith('github:'));
  const people = consumers.some(({ id }) => id.startsWith('external:'));
  const systems = consumers.some(({ id }) => id.startsWith('secret:'));
  return [
    ...(jobs ? ["Jobs of GitHub: an IAM role that trusts GitHub's OIDC provider."] : []),
    ...(people
      ? ['Systems outside of AWS: IAM Roles Anywhere, with a certificate. People: IAM Identity Center.']
      : []),
    ...(people || systems ? ['What runs in ECS: the role of its task.'] : []),
    ...(jobs || people || systems ? [] : ['A role: of a task, by OIDC, or by IAM Roles Anywhere.']),
  ].join(' ');
}

/** Why the key could go today; `undefined` if a user may have no other way. */
export function needlessOf({ consumers }: Used): string | undefined {
  if (consumers.length === 0) return undefined;
  return consumers.every(({ id }) => id.startsWith('github:'))
    ? 'Only jobs of GitHub use it, and they can take a role.'
    : undefined;
}
