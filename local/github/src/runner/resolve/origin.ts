/** Where a file stands: what `$/` and, for called workflows, `./` start from. */
export interface Origin {
  /** `owner/name`. */
  readonly repository: string;
  readonly sha: string;
  /** In full for a branch or tag, otherwise the commit. */
  readonly ref: string;
}
