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
    /** Open: something passes that should not. Closed: something is refused or waits. Harmless: neither. */
    readonly fails: 'open' | 'closed' | 'harmless';
    readonly effect: string;
  };
  /** Where `tenant-delivery canary` sees whether it holds; or what a person does to see it, and why no canary does. */
  readonly seenBy: { readonly canary: string } | { readonly person: string; readonly notByCanary: string };
  /** Files that cannot hold a comment, such as JSON. */
  readonly alsoIn?: readonly string[];
}
