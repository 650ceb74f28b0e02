import type { PolicyDocument } from '../policy/document.ts';
import { AwsError } from '../world/service.ts';

const TAGS = 50; // of one user or role ("IAM and AWS STS quotas")

/** A policy as a request has it: text, JSON inside. */
export function documentOf(text: string): PolicyDocument {
  const malformed = (message: string) => new AwsError('MalformedPolicyDocumentException', message, 400);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw malformed('Syntax errors in policy.');
  }
  const { Version, Statement } = Object(parsed) as Partial<PolicyDocument>; // read as far as it goes
  if (Version !== '2012-10-17' && Version !== '2008-10-17')
    throw malformed('The policy is not in the valid JSON format.');
  if (typeof Statement !== 'object' || Statement === null)
    throw malformed('Syntax errors in policy: no statement.');
  return parsed as PolicyDocument; // with version and statements; a grammar error inside shows when it is evaluated
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

/** Tags with further ones; a key that is there gets the new value. */
export function merged(
  tags: Readonly<Record<string, string>>,
  more: readonly { readonly Key: string | undefined; readonly Value: string | undefined }[],
): Readonly<Record<string, string>> {
  const all = { ...tags, ...Object.fromEntries(more.map(({ Key = '', Value = '' }) => [Key, Value])) };
  if (Object.keys(all).length > TAGS)
    throw new AwsError('LimitExceededException', `The number of tags has reached the limit of ${TAGS}.`, 409);
  return all;
}
