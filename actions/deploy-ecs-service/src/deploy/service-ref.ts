import type { Target } from '@tenant-delivery/domain';

/**
 * The one service that a deploy is about. An admission is a place: its words come from the signed contract. Without a
 * contract they are the caller's own.
 */
export interface ServiceRef {
  readonly names: { readonly cluster: string };
  readonly target: Pick<Target, 'account' | 'region' | 'service'>;
}

/** The right to change the service, proven again right before each change. */
export interface HeldLock {
  assertHeld(): Promise<void>;
}
