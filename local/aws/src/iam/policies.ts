import type { PolicyDocument } from '../policy/document.ts';
import { AwsError } from '../world/service.ts';

const TAGS = 50; // of one user or role ("IAM and AWS STS quotas")

/** A policy as a request has it: text, JSON inside, whose grammar a rule has judged. */
export function documentOf(text: string): PolicyDocument {
  return JSON.parse(text) as PolicyDocument;
}

/** An inline policy by its name. */
export function policyNamed(
  of: 'user' | 'role',
  policies: Readonly<Record<string, PolicyDocument>>,
  name: string,
): PolicyDocument {
  const found = Object.hasOwn(policies, name) ? policies[name] : undefined;
  if (found) return found;
  throw new AwsError('NoSuchEntityException', `The ${of} policy with name ${name} cannot be found.`, 404);
}

export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Tags with further ones. Keys are not case-sensitive: one that is there gets the new spelling and value. */
export function merged(
  tags: Readonly<Record<string, string>>,
  more: readonly { readonly Key: string | undefined; readonly Value: string | undefined }[],
): Readonly<Record<string, string>> {
  const named = new Set(more.map(({ Key = '' }) => Key.toLowerCase()));
  const kept = Object.entries(tags).filter(([key]) => !named.has(key.toLowerCase()));
  const all = Object.fromEntries([...kept, ...more.map(({ Key = '', Value = '' }) => [Key, Value])]);
  if (Object.keys(all).length > TAGS)
    throw new AwsError('LimitExceededException', `The number of tags has reached the limit of ${TAGS}.`, 409);
  return all;
}
