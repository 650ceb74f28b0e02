import type { GrammarMistake } from './mistake.ts';

/** A mistake in the words that most services have for policies of their resources. */
export function inWords(mistake: GrammarMistake): string {
  switch (mistake.kind) {
    case 'json':
      return 'This policy contains invalid Json';
    case 'unknown':
      return `Unknown field ${mistake.element}`;
    case 'missing':
      return `Missing required field ${mistake.element}`;
    case 'empty':
      return mistake.element === 'Statement'
        ? 'Could not parse the policy: Statement is empty!'
        : `Missing required field ${mistake.element} cannot be empty!`;
    case 'prohibited':
      return `Has prohibited field ${mistake.element}`;
    case 'allow with NotPrincipal':
      return 'Allow with NotPrincipal is not allowed.';
    case 'sid form':
      return 'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*';
    case 'sid repeated':
      return 'Statement IDs (SID) in a single policy must be unique.';
    case 'action':
      return actionInWords(mistake);
    case 'principal':
      return `Invalid principal in policy: "${mistake.type === 'AWS' ? 'AWS' : mistake.type.toUpperCase()}":"${mistake.value}"`;
    case 'operator':
      return `Invalid Condition type : ${mistake.operator}`;
    case 'syntax':
      return mistake.element === 'Effect'
        ? `Invalid effect: ${String(mistake.value)}`
        : 'Syntax errors in policy.';
    default:
      return 'Syntax errors in policy.';
  }
}

export function actionInWords({ value, wrong }: GrammarMistake & { kind: 'action' }): string {
  if (wrong === 'vendor missing')
    return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
  if (wrong === 'colons') return 'Actions/Condition can contain only one colon.';
  return `Vendor ${value.split(':')[0]} is not valid`;
}
