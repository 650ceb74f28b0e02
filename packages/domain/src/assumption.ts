/** Something that code or a local server takes for true of AWS or GitHub, and that no page of theirs states plainly. */
export interface Assumption {
  /** In kebab case. The code that rests on it has a comment: `assumes` and this id. */
  readonly id: string;
  readonly of: 'AWS' | 'GitHub';
  /** One sentence. */
  readonly says: string;
  /** The closest page by its title, and what it leaves open; or that there is none. */
  readonly page: string;
  readonly ifWrong: {
    /** Closed: something is refused or waits. Open: something passes that should not. */
    readonly fails: 'closed' | 'open';
    readonly effect: string;
  };
  /** How a run on AWS and GitHub tells whether it holds. */
  readonly seenBy: string;
  /** Files that cannot hold a comment, such as JSON. */
  readonly alsoIn?: readonly string[];
}
