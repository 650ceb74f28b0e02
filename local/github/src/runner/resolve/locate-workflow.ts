import { fileAt, resolveRef } from '../files/at-commit.ts';
import { parseUses } from '../files/uses.ts';
import type { Host, WorkflowSource } from '../ports.ts';

export interface LocatedWorkflow {
  readonly source: WorkflowSource;
  readonly content: string;
}

/** Finds the file that a job calls; says why when it can't. */
export async function locateWorkflow(
  host: Host,
  from: WorkflowSource,
  written: string,
): Promise<LocatedWorkflow | string> {
  const uses = parseUses(written);
  if (uses.kind === 'malformed' || uses.kind === 'docker') return `\`${written}\` names no workflow.`;
  if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(uses.path)) {
    return `\`${written}\`: a called workflow stands directly in .github/workflows.`;
  }
  const repository = host.repository(uses.kind === 'repository' ? uses.repository : from.repository);
  if (!repository) return `\`${written}\`: there is no such repository here.`;
  if (repository.visibility === 'private' && repository.owner !== from.repository.split('/')[0]) {
    return `\`${written}\` stands in a private repository of another owner: make ${repository.fullName} public or internal.`;
  }
  const at = uses.kind === 'repository' ? await resolveRef(repository.path, uses.ref) : from;
  if (!at) return `\`${written}\`: ${repository.fullName} has no such version.`;
  const content = await fileAt(repository.path, at.sha, uses.path);
  if (content === undefined) return `\`${written}\`: ${repository.fullName} has no such file at ${at.ref}.`;
  return { source: { repository: repository.fullName, path: uses.path, ref: at.ref, sha: at.sha }, content };
}
