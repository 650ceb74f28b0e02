import type { Failure } from '@tenant-delivery/action-kit/failure';
import { type Credential, kindOf } from '@tenant-delivery/credentials/kinds';
import type { Digest } from '@tenant-delivery/domain';
import { type Asking, judgePlace } from './admission.ts';
import type { EnvironmentContract, TenantContract } from './contract.ts';
import { subjectArn } from './credential-subject.ts';
import type { Environment } from './derived-names.ts';
import { failures } from './failures.ts';
import type { SignedContract } from './sealed-contract.ts';
import type { SeenContract } from './seen-serials.ts';

/** A credential that the signed contract names, for this caller. */
export interface CredentialAdmission {
  readonly place: Environment;
  readonly contract: TenantContract;
  readonly contractDigest: Digest;
  readonly environment: EnvironmentContract;
  readonly credential: Credential;
  /** The ARN of what the rotation changes. */
  readonly subject: string;
}

export interface CredentialWish {
  /** Its id. */
  readonly credential: string;
  /** It has leaked, so its old key is disabled without waiting for its users. */
  readonly leaked: boolean;
  /** Somebody says for its consumers that they have the new key, so that the old one may go. */
  readonly acknowledged: boolean;
}

/** As `judgeAdmission`, for a rotation: the provider's own repository asks, and somebody has approved what speaks for others. */
export function judgeCredential(
  signed: SignedContract,
  { place, credential: id, leaked, acknowledged }: CredentialWish & { readonly place: Environment },
  asking: Asking & { /** The job's GitHub environment. */ readonly jobEnvironment: string },
  now: number,
  seen: SeenContract | undefined,
): { readonly admission: CredentialAdmission } | { readonly breaches: readonly Failure[] } {
  const { contract, digest } = signed;
  const { environment, listed, breaches } = judgePlace(signed, place, asking, now, seen);
  const { credentials = [], githubApp } = environment ?? {};
  const credential = credentials.find((each) => each.id === id);
  const known = credentials.map((each) => each.id).join(', ') || 'none';
  const why = [
    ...(listed?.right === 'customer'
      ? [`only ${contract.operations.repository} may rotate, and this is ${asking.repository}`]
      : []),
    ...(credential
      ? []
      : [`the contract of ${contract.id} has no such credential in ${place.environment} (it has ${known})`]),
    ...(credential && kindOf(credential).needsApp(credential) && !githubApp
      ? ['it is in GitHub or its consumers are, and the contract names no githubApp']
      : []),
    ...(environment && asking.jobEnvironment !== environment.approval.environment
      ? [
          ...(leaked ? ['a leak is answered'] : []),
          ...(acknowledged ? ['an acknowledgement counts'] : []),
        ].map(
          (what) =>
            `${what} after an approval, in a job of the GitHub environment ${environment.approval.environment}`,
        )
      : []),
  ];
  const all = why.length > 0 ? [...breaches, failures.credentialNotAgreed(id, why)] : breaches;
  if (all.length > 0 || !environment || !credential) return { breaches: all };
  const subject = subjectArn(place, credential);
  return {
    admission: { place, contract, contractDigest: digest, environment, credential, subject },
  };
}
