import { grammarMistakes } from '../policy/grammar/document.ts';
import type { GrammarMistake, PolicyKind } from '../policy/grammar/mistake.ts';
import { IAM_PATHS } from '../policy/grammar/resources.ts';
import { actionInWords } from '../policy/grammar/words.ts';

/** "IAM JSON policy elements: Sid": letters and digits in policies of IAM. */
export const SID = /^[A-Za-z0-9]*$/;

const INLINE: PolicyKind = { principal: 'prohibited', resource: 'required', sid: SID, arns: true };

/** What is wrong with the permissions of a role, a user or a session, in IAM's words. */
export function* permissionMistakes(policy: string | object): Iterable<string> {
  for (const mistake of grammarMistakes(policy, INLINE)) yield inWords(mistake);
}

/** The same of a managed policy, which must have the version of 2012. */
export function* managedPolicyMistakes(policy: string | object): Iterable<string> {
  for (const mistake of grammarMistakes(policy, { ...INLINE, latestVersion: true })) yield inWords(mistake);
}

/** IAM names few mistakes of grammar: most are one sentence. */
function inWords(mistake: GrammarMistake): string {
  switch (mistake.kind) {
    case 'old version':
      return 'Policy document must be version 2012-10-17 or greater.';
    case 'sid form':
      return 'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*';
    case 'sid repeated':
      return 'Statement IDs (SID) in a single policy must be unique.';
    case 'prohibited':
      return 'Policy document should not specify a principal.';
    case 'missing':
    case 'empty':
      return ofNothing(mistake.element);
    case 'action':
      return actionInWords(mistake);
    case 'resource':
      return ofResource(mistake);
    case 'condition key':
      return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
    case 'date':
      return 'The policy failed legacy parsing';
    default:
      return 'Syntax errors in policy.';
  }
}

function ofNothing(element: string): string {
  if (/Action$/.test(element)) return 'Policy statement must contain actions.';
  if (/Resource$/.test(element)) return 'Policy statement must contain resources.';
  return 'Syntax errors in policy.';
}

function ofResource({ value, wrong }: GrammarMistake & { kind: 'resource' }): string {
  switch (wrong) {
    case 'no ARN':
      return `Resource ${value} must be in ARN format or "*".`;
    case 'partition':
      return `Partition "${value.split(':')[1]}" is not valid for resource "${value}".`;
    case 'vendor':
      return 'Resource vendor must be fully qualified and cannot contain regexes.';
    case 'region':
      return value.startsWith('arn:aws:iam')
        ? `IAM resource ${value} cannot contain region information.`
        : `Resource ${value} can not contain region information.`;
    case 'IAM path':
      return `IAM resource path must either be "*" or start with ${IAM_PATHS.join(', ')}.`;
  }
}
