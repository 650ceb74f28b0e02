import type { Job } from '../world/job.ts';

/**
 * The `sub` claim in the repository's own form: mutable names or names with ids, the default context or the claims
 * that a customisation lists. A colon inside a value becomes `%3A`.
 */
export function subjectOf(job: Job, facts: Readonly<Record<string, string>>): string {
  const { repository } = job.run;
  const { owner, name, id, subject } = repository;
  const repo = subject.immutable ? `${owner.login}@${owner.id}/${name}@${id}` : `${owner.login}/${name}`;
  if (subject.useDefault) return `repo:${repo}:${contextOf(job)}`;
  const parts = subject.claimKeys.map((key) => {
    if (key === 'repo') return `repo:${repo}`;
    if (key === 'context') return contextOf(job);
    return `${key}:${encodeColons(facts[key] ?? '')}`;
  });
  // The immutable prefix can't be customised away.
  if (subject.immutable && !subject.claimKeys.includes('repo')) parts.unshift(`repo:${repo}`);
  return parts.join(':');
}

function contextOf(job: Job): string {
  if (job.environment !== undefined) return `environment:${encodeColons(job.environment)}`;
  if (job.run.event === 'pull_request') return 'pull_request';
  return `ref:${job.run.ref}`;
}

function encodeColons(value: string): string {
  return value.replaceAll(':', '%3A');
}
