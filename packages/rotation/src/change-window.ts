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

/** Opens a generation with what it says, unless the window or a freeze keeps it back. */
export function openGeneration<const Said extends { readonly reason: string }>(
  policy: Parameters<typeof closedWindow>[0],
  now: number,
  said: Said,
): Waiting | { readonly kind: 'note'; readonly note: Said & { readonly kind: 'opened' } } {
  const closed = closedWindow(policy, now, said.reason === 'compromise');
  return closed ?? { kind: 'note', note: { ...said, kind: 'opened' } };
}
