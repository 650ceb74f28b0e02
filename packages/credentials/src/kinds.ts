import { whole } from '@tenant-delivery/action-kit/schema';
import * as v from 'valibot';
import type { CredentialKind } from './credential-kind.ts';
import { githubAppKey } from './github-app-key/definition.ts';
import { githubDeployKey } from './github-deploy-key/definition.ts';
import { iamAccessKey } from './iam-access-key/definition.ts';
import { pullThrough } from './pull-through/definition.ts';
import { repositoryCredentials } from './repository-credentials/definition.ts';
import { secretsManager } from './secrets-manager/definition.ts';
import { escrow } from './terms.ts';
import { vpnPsk } from './vpn-psk/definition.ts';

/** Every kind of credential by its name in a contract. What is not here is in no contract, and nothing rotates it. */
const KINDS = {
  'iam-access-key': iamAccessKey,
  'secrets-manager': secretsManager,
  'repository-credentials': repositoryCredentials,
  'pull-through': pullThrough,
  'github-deploy-key': githubDeployKey,
  'github-app-key': githubAppKey,
  'vpn-psk': vpnPsk,
} as const satisfies Readonly<Record<string, CredentialKind>>;

export type KindName = keyof typeof KINDS;

export const KIND_NAMES = Object.keys(KINDS) as readonly KindName[]; // the keys of a literal

const terms = Object.values(KINDS).map((kind) => kind.terms);

/** A long-lived credential that has to stay, and how it is rotated. Names and policies, never values. */
export const Credential = v.variant('kind', terms);
export type Credential = v.InferOutput<typeof Credential>;
export type CredentialOf<Name extends KindName> = Extract<Credential, { readonly kind: Name }>;

/** The kind of a credential. */
export function kindOf({ kind }: { readonly kind: KindName }): CredentialKind {
  return KINDS[kind];
}

/** The App by which secrets and variables of GitHub are written; its private key is in a secret of the same account. */
export const RotationApp = v.strictObject({ id: whole(1, Number.MAX_SAFE_INTEGER), key: escrow });
export type RotationApp = v.InferOutput<typeof RotationApp>;
