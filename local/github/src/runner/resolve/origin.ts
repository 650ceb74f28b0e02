/** Where a file is: `$/` and, in a called workflow, `./` start there. */
export interface Origin {
  /** `owner/name`. */
  readonly repository: string;
  readonly sha: string;
  /** In full for a branch or tag, otherwise the commit. */
  readonly ref: string;
}
