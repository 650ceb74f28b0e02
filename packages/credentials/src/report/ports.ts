import type { AccessKey, KeyCreation, LastUse } from '../iam-access-key/ports.ts';

/** Reads of a report. Each throws when the other side could not be asked; none gives a value of a secret. */

export interface UserKeys {
  /** All users below the path of agreed ones, each by its name with the path: `td-rotatable/acme-ci`. */
  users(): Promise<readonly SeenUser[]>;
  tagsOf(user: string): Promise<Readonly<Record<string, string>>>;
  keysOf(user: string): Promise<readonly AccessKey[]>;
  lastUse(keyId: string): Promise<LastUse>;
  /** Who made a key, by CloudTrail; `undefined` where it does not say, or not yet. */
  creation(keyId: string): Promise<KeyCreation | undefined>;
}

export interface SeenUser {
  readonly name: string;
  readonly arn: string;
}

export interface SecretDates {
  /** Secrets whose names begin so; Secrets Manager's list may be five minutes behind. */
  below(prefix: string): Promise<readonly Pick<SeenSecret, 'name' | 'tags'>[]>;
  /** `undefined`: there is no such secret. */
  find(name: string): Promise<SeenSecret | undefined>;
  /** When each version that carries a label was made, by its id. */
  versionDates(name: string): Promise<Readonly<Record<string, number>>>;
}

export interface SeenSecret {
  readonly name: string;
  readonly arn: string;
  readonly deletedAt: number | undefined;
  /** Labels by version. */
  readonly versions: Readonly<Record<string, readonly string[]>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface DeployKeys {
  /** `absent`: GitHub shows no such repository to the App. */
  keysOf(repository: string): Promise<readonly SeenDeployKey[] | 'absent'>;
}

export interface SeenDeployKey {
  readonly id: number;
  readonly title: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | 'never';
  readonly readOnly: boolean;
}
