import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalAws } from '@tenant-delivery/local-aws';
import type { PolicyDocument } from '@tenant-delivery/local-aws/policy/document';
import { iamOf, putRole } from '@tenant-delivery/local-aws/services/iam';

/** A role with these permissions alone; its trust does not matter. */
export function putRoleWith(
  { world }: LocalAws,
  account: string,
  role: { readonly name: string; readonly path?: string; readonly policy: PolicyDocument },
): void {
  const { name, path = '/', policy } = role;
  putRole(world, account, {
    name,
    path,
    partition: 'aws',
    description: '',
    maxSessionDuration: 3_600,
    tags: {},
    trust: { Version: '2012-10-17', Statement: [] },
    policies: { everything: policy },
  });
}

/** Lets a role do more for as long as a step takes. */
export async function whileAllowing<R>(
  { world }: LocalAws,
  { account, name }: { readonly account: string; readonly name: string },
  more: PolicyDocument,
  step: () => Promise<R>,
): Promise<R> {
  const { roles } = iamOf(world, account);
  const role = roles[name];
  if (!role) throw new Error(`there is no role ${name}`);
  roles[name] = { ...role, policies: { ...role.policies, more } };
  try {
    return await step();
  } finally {
    roles[name] = role;
  }
}

/** One statement that allows actions on resources, as a policy. */
export function allowing(
  Action: readonly string[],
  Resource: string | readonly string[] = '*',
): PolicyDocument {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] };
}

/** The policy that an action's page tells its users to give to a role, for an account of ours. */
export function policyOfPage(action: string, account: string): PolicyDocument {
  const page = readFileSync(join(import.meta.dirname, `../../actions/${action}/README.md`), 'utf8');
  const text = /```json\n(\{\s*"Version"[\s\S]*?)```/.exec(page)?.[1] ?? '';
  return JSON.parse(text.replaceAll('111122223333', account)); // our own page
}
