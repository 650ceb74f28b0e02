import { messageOf, nameOf } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';

export const cloudformationClient = (config: ClientConfig) =>
  lazyClient(
    () => import('./cloudformation-sdk.ts'),
    (sdk) => sdk.CloudFormationClient,
    config,
  );

export type CloudFormation = ReturnType<typeof cloudformationClient>;

/**
 * The answer, or `undefined` for CloudFormation's own word that there is no such stack or change set. For a stack that word is
 * a ValidationError, as for any other mistake, so its message must say it too.
 */
export async function orAbsent<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (cause) {
    if (saysAbsent(cause)) return undefined;
    throw cause;
  }
}

function saysAbsent(cause: unknown): boolean {
  const name = nameOf(cause);
  if (/^ChangeSetNotFound(Exception)?$/.test(name)) return true;
  return name === 'ValidationError' && /\bdoes not exist\b/.test(messageOf(cause));
}
