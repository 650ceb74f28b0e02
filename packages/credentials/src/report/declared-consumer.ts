import type { Switching } from '@tenant-delivery/rotation/switching';

/** Somebody who uses a credential, as it was agreed. A report does not ask them. */
export interface DeclaredConsumer {
  /** As the journal names it. */
  readonly id: string;
  readonly switching: Switching;
  readonly cadence: number;
}

export function idsOf({ consumers }: { readonly consumers: readonly DeclaredConsumer[] }): readonly string[] {
  return consumers.map(({ id }) => id);
}
