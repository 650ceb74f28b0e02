/** Where our actions are, as a `uses` names them. */
export interface Release {
  /** OWNER/REPO. */
  readonly repository: string;
  /** A tag or a commit. */
  readonly ref: string;
}

/** What is written where nobody said which: a person has to replace it. */
export const PLACEHOLDER: Release = { repository: 'OWNER/tenant-delivery', ref: 'v0.1.0' };

/** `OWNER/REPO@REF` as a person writes it; nothing for any other text. */
export function releaseIn(text: string): Release | undefined {
  const [, repository, ref] = /^([a-z\d][a-z\d-]*\/[\w.-]+)@(\w[\w./-]*)$/i.exec(text) ?? [];
  return repository === undefined || ref === undefined ? undefined : { repository, ref };
}

/** Whether `uses` lines with it would find no action. */
export function isPlaceholder({ repository }: Release): boolean {
  return repository.startsWith('OWNER/');
}
