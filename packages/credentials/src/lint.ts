/** What a credential is judged against beside its own terms. */
export interface Around {
  readonly githubApp: object | undefined;
  /** The secrets with the private keys of the Apps. */
  readonly apps: readonly string[];
  /** The provider's own repository. */
  readonly operations: string;
}

export function says(holds: boolean, problem: string): readonly string[] {
  return holds ? [] : [problem];
}
