import { whole } from '@tenant-delivery/action-kit/schema';
import * as v from 'valibot';
import { GithubAppKey } from './credential-kinds/github-app-key.ts';
import { GithubDeployKey } from './credential-kinds/github-deploy-key.ts';
import { IamAccessKey } from './credential-kinds/iam-access-key.ts';
import { PullThrough } from './credential-kinds/pull-through.ts';
import { RepositoryCredentials } from './credential-kinds/repository-credentials.ts';
import { SecretsManagerSecret } from './credential-kinds/secrets-manager.ts';
import { escrow } from './credential-kinds/terms.ts';
import { VpnPsk } from './credential-kinds/vpn-psk.ts';

export type { CredentialConsumer } from './credential-kinds/consumers.ts';

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
