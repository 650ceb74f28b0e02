import type { EscrowState } from '@tenant-delivery/rotation/escrow';
import type { Answer, Caller, Consumer, KeyPair } from '@tenant-delivery/rotation/ports';

/** GitHub, asked with a private key of an App. Reads throw when GitHub could not be asked. */
export interface AppDoor {
  /** Whose key it is. `rejected`: GitHub's own word that no App has it. Changes nothing. */
  whose(key: KeyPair): Promise<number | 'rejected'>;
  /** Has a token of one installation made, with no right but to read metadata, and revokes it at once. */
  exercise(key: KeyPair): Promise<{ readonly installation: number } | { readonly failed: string }>;
}

/** A version of escrow. The key has its public half as its id; `undefined`: what it holds is no RSA key in PEM. */
export interface HeldKey {
  readonly pair: KeyPair | undefined;
  /** Milliseconds of the clock of Secrets Manager. */
  readonly createdAt: number;
}

/** The secret to which people bring the App's keys: we read it and move labels, and never write a value. */
export interface GithubAppKeyEscrow {
  describe(): Promise<EscrowState>;
  /** `undefined`: there is no such version. */
  read(version: string): Promise<HeldKey | undefined>;
  promote(version: string, from: string | undefined): Promise<Answer>;
  settle(version: string): Promise<Answer>;
}

/** Everything outside that the private key of one App has to do with. */
export interface GithubAppKeyWorld {
  readonly caller: Caller;
  readonly app: number;
  /** The name of the escrow secret, for those who bring keys there. */
  readonly secret: string;
  readonly door: AppDoor;
  readonly escrow: GithubAppKeyEscrow;
  readonly consumers: readonly Consumer[];
}
