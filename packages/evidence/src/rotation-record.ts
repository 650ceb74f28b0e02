import { canonicalJson, type Digest } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { Vault } from '@tenant-delivery/vault/ports';
import { hex } from './chain.ts';
import { EVENT_PAYLOAD_TYPE, type RunFacts, STATEMENT_TYPE } from './change-event.ts';
import { parseJson, seal } from './dsse.ts';
import { failures } from './failures.ts';
import type { Signer } from './ports.ts';
import {
  type JournalEntry,
  ROTATION_ENTRY_TYPE,
  type RotationStatement,
  readRotationEntry,
} from './rotation-entry.ts';
import type { TrustFile } from './trust.ts';

/** For whom entries are signed, and by which job. */
export interface RotationVoice {
  readonly signer: Signer;
  readonly trust: TrustFile;
  readonly tenant: string;
  readonly environment: string;
  readonly contract: Digest;
  readonly run: RunFacts;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Place = Pick<RotationVoice, 'trust' | 'tenant' | 'environment'>;

const JOURNAL = /^rotation\/([a-z][a-z0-9-]{1,39})\/(\d{4})\/(\d{4})\.json$/;

/** Where the signed entries of a credential lie: beside the changes of services, under a name that no service has. */
function rotationPrefix(environment: string, credential: string): string {
  return `changes/${environment}/_rotations/${credential}/`;
}

function envelopeKey(environment: string, journal: string): string {
  const [, credential = '', generation = '', seq = ''] = JOURNAL.exec(journal) ?? [];
  if (credential === '') throw new TypeError(`${journal} is no entry of a journal`);
  return `${rotationPrefix(environment, credential)}${generation}/${seq}.dsse.json`;
}

/**
 * Whether the run that wrote an entry has signed it too. Anybody who may write to the vault can write an entry in the name of
 * any run, which a later one finds and signs; the signature of the run itself they cannot make.
 */
export async function isSignedByItsWriter(
  vault: Pick<Vault, 'read'>,
  { trust, tenant, environment }: Place,
  journal: string,
  bytes: Uint8Array,
): Promise<boolean> {
  const stored = await vault.read(envelopeKey(environment, journal));
  const reading = stored && readRotationEntry(stored.bytes, trust);
  if (reading?.kind !== 'entry') return false;
  const { entry } = reading;
  const here = entry.tenant === tenant && entry.environment === environment;
  return here && !entry.late && entry.digest === digestOf(bytes);
}

/** Signs entries of journals, each in an envelope of its own that is written once. */
export function rotationRecorder(vault: Vault, voice: RotationVoice) {
  const { tenant, environment, trust, signer } = voice;
  const keyOf = (journal: string) => envelopeKey(environment, journal);
  const write = async (journal: string, bytes: Uint8Array, found: boolean): Promise<void> => {
    const said = parseJson(bytes);
    const entry = said as JournalEntry; // what is signed is read back below, as a verifier reads it
    const statement: RotationStatement = {
      _type: STATEMENT_TYPE,
      subject: [{ name: journal, digest: { sha256: hex(digestOf(bytes)) ?? '' } }],
      predicateType: ROTATION_ENTRY_TYPE,
      predicate: {
        tenant,
        environment,
        contract: { digest: { sha256: hex(voice.contract) ?? '' } },
        run: voice.run,
        signedAt: new Date(voice.now()).toISOString(),
        ...(found && { found }),
        entry,
      },
    };
    const sealed = await seal(signer, EVENT_PAYLOAD_TYPE, Buffer.from(canonicalJson(statement)));
    const reading = readRotationEntry(sealed, trust); // what would not verify is never written
    if (reading.kind === 'broken') throw failures.eventUnverifiable(journal, 'signed', reading.problems);
    const key = keyOf(journal);
    if ((await vault.create(key, sealed)) !== 'exists') return;
    // another run has signed it meanwhile, or this one and the answer was lost
    const stored = await vault.read(key);
    const theirs = stored ? readRotationEntry(stored.bytes, trust) : undefined;
    if (theirs?.kind === 'entry' && theirs.entry.digest === digestOf(bytes)) return;
    throw failures.evidenceBroken(journal, [`${key} is about something else`]);
  };
  return {
    record: (journal: string, bytes: Uint8Array) => write(journal, bytes, false),
    /** An entry without a signature is signed as one that was found. */
    async isSignedByItsWriter(journal: string, bytes: Uint8Array): Promise<boolean> {
      if ((await vault.read(keyOf(journal))) === undefined) await write(journal, bytes, true);
      return isSignedByItsWriter(vault, voice, journal, bytes);
    },
    /** Signs what runs wrote that died before they could: a later signature says that it is one. */
    async catchUp(credential: string): Promise<void> {
      const [entries, signed] = await Promise.all([
        vault.list(`rotation/${credential}/`),
        vault.list(rotationPrefix(environment, credential)),
      ]);
      const known = new Set(signed);
      for (const entry of entries.filter((key) => JOURNAL.test(key) && !known.has(keyOf(key)))) {
        const stored = await vault.read(entry);
        if (stored) await write(entry, stored.bytes, true);
      }
    },
  };
}

/** All signed entries of a credential as they are stored, one a line, for `verify-evidence`. */
export async function exportRotation(vault: Vault, environment: string, credential: string): Promise<string> {
  const keys = await vault.list(rotationPrefix(environment, credential));
  const stored = await Promise.all(keys.map((key) => vault.read(key)));
  return stored.map((one) => `${Buffer.from(one?.bytes ?? '').toString()}\n`).join('');
}
