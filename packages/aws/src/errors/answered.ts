import type { Answer } from '@tenant-delivery/rotation/ports';
import { messageOf, nameOf, statusOf } from './translate.ts';

/** How a request that changes something ended. `done`: names of errors that say that it is so already. */
export async function answered(sent: Promise<unknown>, done: readonly string[] = []): Promise<Answer> {
  try {
    await sent;
    return 'done';
  } catch (cause) {
    return done.includes(nameOf(cause)) ? 'done' : refusalOf(cause);
  }
}

/** AWS's own word that nothing happened; without one, nobody knows. */
export function refusalOf(cause: unknown): 'unknown' | { readonly refused: string } {
  const status = statusOf(cause);
  const neverSent = nameOf(cause) === 'CredentialsProviderError';
  if (!neverSent && (status === undefined || status < 300 || status >= 500)) return 'unknown';
  return { refused: `${nameOf(cause)}: ${messageOf(cause)}` };
}
