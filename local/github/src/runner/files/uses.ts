/** A `uses:` as it is written. */
export type Uses =
  /** `./path`: in the job's workspace for a step, in the calling file's repository for a workflow. */
  | { readonly kind: 'workspace'; readonly path: string }
  /** `$/path`: in the repository of the file that says it, at the commit that runs. */
  | { readonly kind: 'self'; readonly path: string }
  | { readonly kind: 'repository'; readonly repository: string; readonly path: string; readonly ref: string }
  | { readonly kind: 'docker'; readonly image: string }
  | { readonly kind: 'malformed' };

export function parseUses(written: string): Uses {
  if (written.startsWith('docker://')) return { kind: 'docker', image: written.slice('docker://'.length) };
  if (written.startsWith('./')) return { kind: 'workspace', path: written.slice(2) };
  if (written.startsWith('$/')) {
    return written.includes('@') ? { kind: 'malformed' } : { kind: 'self', path: written.slice(2) };
  }
  const match = /^([^/@\s]+\/[^/@\s]+)(?:\/([^@\s]+))?@(\S+)$/.exec(written);
  const [, repository, path = '', ref] = match ?? [];
  if (repository === undefined || ref === undefined) return { kind: 'malformed' };
  return { kind: 'repository', repository, path, ref };
}
