import { isObject } from './json.ts';
import type { GrammarMistake } from './mistake.ts';
import { strings } from './strings.ts';

/** "AWS JSON policy elements: Principal": what each type of principal looks like. A wildcard is never part of one. */
const FORMS: Readonly<Record<string, RegExp>> = {
  AWS: /^(\*|\d{12}|(AIDA|AROA|AGPA|ABIA)[A-Z0-9]{12,17}|arn:[a-z-]+:iam::\d{12}:(root|(user|role)\/[\w+=,.@/!-]+)|arn:[a-z-]+:sts::\d{12}:(assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+|federated-user\/[\w+=,.@-]+)|arn:[a-z-]+:iam::cloudfront:user\/.+)$/,
  Federated:
    /^(\*|cognito-identity\.amazonaws\.com|www\.amazon\.com|graph\.facebook\.com|accounts\.google\.com|arn:[a-z-]+:iam::\d{12}:(saml-provider|oidc-provider)\/.+)$/,
  Service: /^[a-z0-9-]+(\.[a-z0-9-]+)*\.(amazonaws\.com(\.cn)?|aws\.internal|amazon\.com|api\.aws)$/,
  CanonicalUser: /^(\*|[0-9a-f]{64})$/,
};

/** What is wrong with the value of `Principal` or `NotPrincipal`. */
export function* principalMistakes(element: string, value: unknown): Iterable<GrammarMistake> {
  if (value === '*') return;
  if (!isObject(value)) {
    yield { kind: 'syntax', element, value };
    return;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) yield { kind: 'empty', element };
  for (const [type, listed] of entries) yield* ofType(type, listed);
}

function* ofType(type: string, listed: unknown): Iterable<GrammarMistake> {
  const form = Object.hasOwn(FORMS, type) ? FORMS[type] : undefined;
  const named = strings(listed);
  if (form === undefined) yield { kind: 'principal', type, value: String(listed) };
  else if (named === undefined) yield { kind: 'syntax', element: type, value: listed };
  else if (named.length === 0) yield { kind: 'empty', element: 'Principal' };
  else for (const value of named) if (!form.test(value)) yield { kind: 'principal', type, value };
}
