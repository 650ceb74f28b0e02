import { type Waiting, wait } from './steps-taken.ts';

/** The window or a freeze that keeps a change back. A leak does not wait. */
export function closedWindow(
  { closedUntil }: { readonly closedUntil?: number | undefined },
  now: number,
  leaked: boolean,
): Waiting | undefined {
  if (closedUntil === undefined || now >= closedUntil || leaked) return undefined;
  return wait(closedUntil, 'the change window is closed');
}
