import type { CredentialKind, CredentialOf } from './credential.ts';

/** What a credential is judged against beside its own terms. */
export interface Around {
  readonly githubApp: object | undefined;
  /** The secrets with the private keys of the Apps. */
  readonly apps: readonly string[];
  /** The provider's own repository. */
  readonly operations: string;
}

/** What is wrong with one credential, each beginning with the member that it is about. */
export type LintCredential<Kind extends CredentialKind> = (
  credential: CredentialOf<Kind>,
  around: Around,
) => readonly string[];

export function says(holds: boolean, problem: string): readonly string[] {
  return holds ? [] : [problem];
}
