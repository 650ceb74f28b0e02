import { type ContractRecord, judgeAfter, readRecord } from './contract-record.ts';
import type { TrustedKey, TrustFile } from './trust.ts';

/** What the records of an environment's contracts hold. */
export interface ContractHistory {
  /** `contract/TENANT/ENVIRONMENT`. */
  readonly id: string;
  /** Of the last record. */
  readonly serial: number;
  readonly records: readonly ContractRecord[];
}

interface Judging {
  readonly trust: TrustFile;
  readonly signed: (key: TrustedKey) => void;
}

/** Judges one record, after those of its environment that were read before it. */
export function judgeRecord(
  bytes: Uint8Array,
  { trust, signed }: Judging,
  read: Map<string, ContractRecord[]>,
) {
  const reading = readRecord(bytes, trust);
  if ('problems' in reading) return { problems: reading.problems };
  signed(reading.signedBy);
  const { record } = reading;
  const id = `contract/${record.tenant}/${record.environment}`;
  const before = read.get(id) ?? [];
  const problems = judgeAfter(before.at(-1), record);
  read.set(id, [...before, record]);
  const actor =
    'byHand' in record ? record.byHand.principal : record.askedBy.map(({ login }) => login).join(', ');
  return { change: id, seq: record.serial, to: 'contract', occurredAt: record.at, actor, problems };
}

export function historiesOf(
  read: ReadonlyMap<string, readonly ContractRecord[]>,
): readonly ContractHistory[] {
  return [...read].map(([id, records]) => ({ id, serial: records.at(-1)?.serial ?? 0, records }));
}
