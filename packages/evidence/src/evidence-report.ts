import type { ChangeKind, ChangeState, Digest } from '@tenant-delivery/domain';
import type { ChangeEvent } from './change-event.ts';
import type { ContractHistory } from './contract-history.ts';
import type { ContractReport, KeyReport } from './contracts-at-hand.ts';

/** What one line of an evidence file is, and everything that is wrong with it. */
export interface LineReport {
  /** From 1. */
  readonly line: number;
  /** Of a line about a rotation `rotation/TENANT/ENVIRONMENT/CREDENTIAL`; absent where the line is a contract. */
  readonly change?: string;
  readonly seq?: number;
  /** The state of a change, or what an entry of a rotation says. */
  readonly to?: string;
  readonly occurredAt?: string;
  readonly actor?: string;
  readonly problems: readonly string[];
}

export interface ChangeReport {
  readonly id: string;
  readonly tenant: string;
  readonly environment: string;
  readonly service: string;
  readonly kind: ChangeKind;
  readonly state: ChangeState;
  readonly subject: ChangeEvent['subject'];
  readonly events: number;
  /** The digest of the last event: what an outside anchor would name. */
  readonly head: Digest;
  readonly problems: readonly string[];
}

/** What the signed journal of one credential holds. */
export interface RotationReport {
  /** `rotation/TENANT/ENVIRONMENT/CREDENTIAL`. */
  readonly id: string;
  /** The newest rotation, counted from 1. */
  readonly generation: number;
  readonly entries: number;
  /** The digest of the last entry, as the journal has it. */
  readonly head: Digest;
  /** Entries that a later job signed, because the one that wrote them died first. */
  readonly late: number;
  readonly problems: readonly string[];
}

export interface EvidenceReport {
  readonly schemaVersion: 1;
  /** Nothing at all is wrong. */
  readonly holds: boolean;
  readonly problems: readonly string[];
  readonly lines: readonly LineReport[];
  readonly changes: readonly ChangeReport[];
  readonly rotations: readonly RotationReport[];
  /** Records of contracts that replaced others. */
  readonly histories: readonly ContractHistory[];
  /** The contracts that were given or are in the file. */
  readonly contracts: readonly ContractReport[];
  /** Each key that signed something that verifies, and what vouches for it. */
  readonly keys: readonly KeyReport[];
}
