import { whole } from '@tenant-delivery/action-kit/schema';
import * as v from 'valibot';
import { GithubAppKey } from './github-app-key/terms.ts';
import { GithubDeployKey } from './github-deploy-key/terms.ts';
import { IamAccessKey } from './iam-access-key/terms.ts';
import { PullThrough } from './pull-through/terms.ts';
import { RepositoryCredentials } from './repository-credentials/terms.ts';
import { SecretsManagerSecret } from './secrets-manager/terms.ts';
import { escrow } from './terms.ts';
import { VpnPsk } from './vpn-psk/terms.ts';

export type { CredentialConsumer } from './consumers.ts';

/** A long-lived credential that has to stay, and how it is rotated. Names and policies, never values. */
export const Credential = v.variant('kind', [
  IamAccessKey,
  SecretsManagerSecret,
  RepositoryCredentials,
  PullThrough,
  GithubDeployKey,
  GithubAppKey,
  VpnPsk,
]);
export type Credential = v.InferOutput<typeof Credential>;
export type CredentialKind = Credential['kind'];
export type CredentialOf<Kind extends CredentialKind> = Extract<Credential, { readonly kind: Kind }>;

/** The App by which secrets and variables of GitHub are written; its private key is in a secret of the same account. */
export const RotationApp = v.strictObject({ id: whole(1, Number.MAX_SAFE_INTEGER), key: escrow });
export type RotationApp = v.InferOutput<typeof RotationApp>;
