import type { Vault } from '@tenant-delivery/vault/ports';
import type { Escrow } from './escrow.ts';
import { readJournal } from './journal.ts';
import type { Began, Ended } from './journal-entry.ts';
import type { Kind, Seen } from './kind.ts';
import type { Plan } from './plan.ts';
import type { Consumer, ServerTime } from './ports.ts';

/** Looks and plans; the kind is made over a world that refuses whatever would change something. */
export async function dryRun<Snapshot extends Seen, Step, Note extends { readonly kind: string }>(
  credential: string,
  kind: Pick<Kind<Snapshot, Step, Note>, 'readFact' | 'observe' | 'plan'>,
  { vault, time }: { readonly vault: Vault; readonly time: ServerTime },
): Promise<Plan<Step, Note>> {
  const journal = await readJournal<Note | Began<Step> | Ended<Step>>(vault, credential, kind.readFact);
  const seen = await kind.observe(journal);
  return kind.plan(seen, journal, time.now());
}

export function refused(what: string): () => never {
  return () => {
    throw new TypeError(`a dry run was about to send ${what}`);
  };
}

export function refusingEscrow(escrow: Escrow): Escrow {
  return {
    describe: () => escrow.describe(),
    read: (version) => escrow.read(version),
    put: refused('PutSecretValue'),
    promote: refused('UpdateSecretVersionStage'),
    settle: refused('UpdateSecretVersionStage'),
  };
}

export function refusingConsumer(consumer: Consumer): Consumer {
  const { id, switching, cadence } = consumer;
  return {
    id,
    switching,
    cadence,
    observe: (proofs) => consumer.observe(proofs),
    stage: refused(`a key to ${id}`),
    askProof: refused(`a question to ${id}`),
    point: refused(`a new pointer to ${id}`),
    blank: refused(`an empty place to ${id}`),
  };
}

export function refusingVault(vault: Vault): Vault {
  return {
    read: (key) => vault.read(key),
    list: (prefix, after) => vault.list(prefix, after),
    create: refused('a journal entry'),
    replace: refused('a journal entry'),
  };
}
