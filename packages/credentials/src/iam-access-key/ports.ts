import type { Answer, KeyPair } from '@tenant-delivery/rotation/ports';
import type { Secret } from '@tenant-delivery/rotation/secret';

/** An access key of the user, as IAM lists it. */
export interface AccessKey {
  readonly id: string;
  readonly status: 'Active' | 'Inactive';
  /** Milliseconds of IAM's clock. */
  readonly createdAt: number;
}

/** `never`: IAM's own word that no use was recorded. A second use within 15 minutes of a recorded one is not recorded. */
export type LastUse = 'never' | { readonly at: number; readonly service: string; readonly region: string };

export interface IamUser {
  readonly name: string;
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The access keys of one user. Reads throw when IAM could not be asked. Changes are sent once, never retried. */
export interface AccessKeys {
  /** `undefined`: IAM knows no such user. */
  user(): Promise<IamUser | undefined>;
  /** All pages. */
  list(): Promise<readonly AccessKey[]>;
  lastUse(id: string): Promise<LastUse>;
  /** Sent once. `limit`: IAM says that the user has two keys. */
  create(): Promise<
    | { readonly id: string; readonly secret: Secret }
    | 'unknown'
    | { readonly refused: string; readonly limit?: true }
  >;
  setStatus(id: string, status: AccessKey['status']): Promise<Answer>;
  /** A key that is gone already is `done`. */
  delete(id: string): Promise<Answer>;
  /** Denies what was asked with sessions that were issued before `before`: they outlive the key that minted them. */
  denySessions(before: number): Promise<Answer>;
}

/** Who made a key, and who used it, by CloudTrail: late, and for 90 days. */
export interface Trail {
  /** `undefined`: CloudTrail has no such event, or has not delivered it yet. */
  creation(keyId: string): Promise<KeyCreation | undefined>;
  /** Management events signed with the key at or after `since`, in the regions of the tenant and the global one. */
  uses(keyId: string, since: number): Promise<readonly KeyUse[]>;
}

export interface KeyCreation {
  readonly at: number;
  /** The ARN of the user or of the role's session that called CreateAccessKey. */
  readonly by: string;
  readonly sourceAddress: string;
}

export interface KeyUse {
  readonly at: number;
  readonly service: string;
  readonly region: string;
  readonly sourceAddress: string;
  readonly userAgent: string;
}

/** Uses a key pair, for a reading call only. */
export interface KeyProof {
  /** GetCallerIdentity with the pair. `not-valid`: AWS does not know the key, or not yet. */
  identity(key: KeyPair): Promise<{ readonly account: string; readonly arn: string } | 'not-valid'>;
}
