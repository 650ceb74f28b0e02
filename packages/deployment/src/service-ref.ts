import type { Target } from '@tenant-delivery/domain';

/**
 * The one service that is deployed or followed. An admission is one too: its words come from the signed contract. Without
 * a contract they are the caller's own.
 */
export interface ServiceRef {
  readonly names: {
    readonly cluster: string;
    /** Of its task definitions, where that was agreed. */
    readonly family?: string;
  };
  readonly target: Pick<Target, 'account' | 'region' | 'service'>;
}
