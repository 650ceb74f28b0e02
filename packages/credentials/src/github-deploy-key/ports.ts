import type { Escrow } from '@tenant-delivery/rotation/escrow';
import type { Answer, Caller, Consumer, KeyPair } from '@tenant-delivery/rotation/ports';

/** What a key may do in its repository. */
export type Access = 'read' | 'write';

/** A deploy key as GitHub lists it. */
export interface DeployKey {
  readonly id: number;
  /** `ssh-ed25519 AAAA…`, without a comment. */
  readonly publicKey: string;
  readonly title: string;
  readonly access: Access;
  readonly verified: boolean;
  readonly enabled: boolean;
  /** Milliseconds of GitHub's clock. */
  readonly createdAt: number;
  readonly addedBy: string | undefined;
  readonly lastUse: 'never' | number;
}

/** The deploy keys of one repository. Reads throw when GitHub could not be asked. Changes are sent once. */
export interface DeployKeys {
  /** All pages. `absent`: GitHub shows no such repository. */
  list(): Promise<readonly DeployKey[] | 'absent'>;
  /** One that the repository has already is `done`. */
  add(key: Pick<DeployKey, 'publicKey' | 'title' | 'access'>): Promise<Answer>;
  /** One that is gone already is `done`. */
  delete(id: number): Promise<Answer>;
}

/** Everything outside that one deploy key has to do with. */
export interface GithubDeployKeyWorld {
  readonly caller: Caller;
  /** `owner/name` */
  readonly repository: string;
  readonly keys: DeployKeys;
  /** Holds private keys; a pair that it gives has the public key as its id. */
  readonly escrow: Escrow;
  readonly consumers: readonly Consumer[];
  /** A pair that nobody has yet: in memory alone. */
  newPair(comment: string): KeyPair;
}
