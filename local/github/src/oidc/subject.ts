import type { Job } from '../world/job.ts';
import type { Repository } from '../world/repository.ts';

/**
 * The `sub` claim in the repository's own form: mutable names or names with ids, the default context or the claims
 * that a customisation lists. A colon inside a value becomes `%3A`.
 */
export function subjectOf(job: Job, facts: Readonly<Record<string, string>>): string {
  const { subject } = job.run.repository;
  const prefix = subjectPrefixOf(job.run.repository);
  if (subject.useDefault) return `${prefix}:${contextOf(job)}`;
  const parts = subject.claimKeys.map((key) => {
    if (key === 'repo') return prefix;
    if (key === 'context') return contextOf(job);
    return `${key}:${encodeColons(facts[key] ?? '')}`;
  });
  // The ids can't be customised away.
  return (subject.immutable && !subject.claimKeys.includes('repo') ? [prefix, ...parts] : parts).join(':');
}

export function subjectPrefixOf({ owner, name, id, subject }: Repository): string {
  return subject.immutable ? `repo:${owner.login}@${owner.id}/${name}@${id}` : `repo:${owner.login}/${name}`;
}

function contextOf(job: Job): string {
  if (job.environment !== undefined) return `environment:${encodeColons(job.environment)}`;
  if (job.run.event === 'pull_request') return 'pull_request';
  return `ref:${job.run.ref}`;
}

function encodeColons(value: string): string {
  return value.replaceAll(':', '%3A');
}
