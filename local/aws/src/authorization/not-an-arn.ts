import { keepRules } from '../rules/rule.ts';
import { DIALECTS } from '../wire/dialects.ts';
import { AwsError, type Call, type Service } from '../world/service.ts';
import type { Ask } from './ask.ts';
import { canBeAsked } from './authorize.ts';

/**
 * What the caller named as a resource, although the action knows no such kind: the service refuses it before IAM is asked, in the words of
 * its rules where it has any.
 */
export function refuseUnfit(
  { name, rules = [] }: Service,
  asks: readonly Ask[],
  operation: string,
  input: object,
  call: Call,
): void {
  const unfit = asks.find((ask) => !canBeAsked(ask));
  if (!unfit) return;
  keepRules(rules, operation, input, call);
  const stranger = textsIn(input).find(
    (text) => text === unfit.resource || (text.startsWith('arn:') && unfit.resource.startsWith(text)),
  );
  if (stranger !== undefined)
    throw new AwsError(DIALECTS[name]?.invalid ?? 'ValidationError', `ARN ${stranger} is not valid.`);
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
