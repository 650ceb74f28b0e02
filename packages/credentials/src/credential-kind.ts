import type { Role } from '@tenant-delivery/domain';
import type * as v from 'valibot';
import type { Around } from './lint.ts';
import type { DeclaredConsumer } from './report/declared-consumer.ts';
import type { Look } from './report/sighting.ts';
import type { JournalOf, ReportWorld } from './report/world.ts';

/** What every credential of a contract says. */
export interface AgreedCredential {
  readonly kind: string;
  readonly id: string;
  readonly maxAgeDays?: number | undefined;
  readonly graceDays?: number | undefined;
  readonly drainDays?: number | undefined;
  readonly freezes?:
    | readonly { readonly from: string; readonly to: string; readonly reason: string }[]
    | undefined;
}

type Terms = v.GenericSchema<unknown, AgreedCredential>;

/** A credential of a contract as a report takes it, with its consumers by the ids that the journal has for them. */
export type Reported<Agreed> = Omit<Agreed, 'consumers'> & {
  readonly graceDays?: number | undefined;
  readonly drainDays?: number | undefined;
  readonly consumers: readonly DeclaredConsumer[];
};

/** What AWS has in the account. */
export interface Resource {
  readonly service: 'iam' | 'ec2' | 'secretsmanager';
  readonly resource: string;
  /** It is of no region. */
  readonly global?: true;
}

/** Something that no two credentials of a contract may share. */
export interface Owned {
  readonly what: 'user' | 'secret' | 'VPN connection' | 'place';
  readonly name: string;
}

/**
 * One kind of credential, as the house knows it before one is opened. Everything that differs by kind is here or behind an
 * import of here, so that nobody else asks which kind a credential is. Its adapters are opened by rotate-access.
 */
export interface CredentialKind<Schema extends Terms = Terms> {
  /** What a contract says of it. */
  readonly terms: Schema;
  /** The role that rotates it. */
  readonly role: Role;
  /** What a rotation changes, as messages call it. */
  readonly changes: string;
  /** The same, as AWS has it. */
  resource(agreed: v.InferOutput<Schema>): Resource;
  owns(agreed: v.InferOutput<Schema>): readonly Owned[];
  /** Whether a rotation writes to GitHub, which takes an App: a job's own token cannot. */
  needsApp(agreed: v.InferOutput<Schema>): boolean;
  /** What is wrong with its terms beyond their schema. Each begins with the member that it is about. */
  lint(agreed: v.InferOutput<Schema>, around: Around): readonly string[];
  readonly report: KindReport<v.InferOutput<Schema>>;
}

/** What the age report says of a kind. */
export interface KindReport<Agreed> {
  /** How old it may become where the contract does not say. */
  readonly mostDays: number;
  /** Nothing but the journal says how old it is, counted from the beginning of its last rotation. */
  readonly agedByJournal?: true;
  /** What it is, for people. */
  subject(agreed: Reported<Agreed>): string;
  /** Who uses it, for people. */
  users(agreed: Reported<Agreed>): readonly string[];
  /** What does its work without a long-lived key. */
  replacement?(agreed: Reported<Agreed>): string;
  /** Loaded by a report alone. */
  load(): Promise<KindLook<Agreed>>;
}

export interface KindLook<Agreed> {
  /** Looks at all credentials of the kind, and for those that no contract names. */
  look(world: ReportWorld, credentials: readonly Reported<Agreed>[], journalOf: JournalOf): Promise<Look>;
}

/** Says of a definition which terms it is about. */
export function credentialKind<Schema extends Terms>(kind: CredentialKind<Schema>): CredentialKind<Schema> {
  return kind;
}
