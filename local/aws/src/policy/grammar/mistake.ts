/** One thing that is wrong with a policy document; each service has words of its own for it. */
export type GrammarMistake =
  | { readonly kind: 'json' }
  | { readonly kind: 'unknown'; readonly element: string }
  /** Of another type than the grammar says, or not one of its values. */
  | { readonly kind: 'syntax'; readonly element: string; readonly value: unknown }
  /** Two elements that exclude each other. */
  | { readonly kind: 'both'; readonly elements: readonly [string, string] }
  | { readonly kind: 'missing'; readonly element: string }
  | { readonly kind: 'empty'; readonly element: string }
  | { readonly kind: 'prohibited'; readonly element: string }
  | { readonly kind: 'old version' }
  | { readonly kind: 'sid form'; readonly sid: string }
  | { readonly kind: 'sid repeated'; readonly sid: string }
  | {
      readonly kind: 'action';
      readonly value: string;
      readonly wrong: 'vendor missing' | 'colons' | 'vendor' | 'service';
    }
  | { readonly kind: 'resource'; readonly value: string; readonly wrong: ResourceFlaw }
  | { readonly kind: 'principal'; readonly type: string; readonly value: string }
  | { readonly kind: 'allow with NotPrincipal' }
  | { readonly kind: 'operator'; readonly operator: string }
  | { readonly kind: 'condition key'; readonly key: string }
  | { readonly kind: 'date'; readonly value: string };

export type ResourceFlaw = 'no ARN' | 'partition' | 'vendor' | 'region' | 'IAM path';

/** What the policies of one kind must and must not have. */
export interface PolicyKind {
  readonly principal: 'required' | 'prohibited';
  readonly resource: 'required' | 'prohibited' | 'optional';
  /** Only `2012-10-17` will do. */
  readonly latestVersion?: true;
  /** How a `Sid` is spelled, where the service minds. */
  readonly sid?: RegExp;
  /** The service that its actions must be of. */
  readonly actionsOf?: RegExp;
  /** Resources must be ARNs, in the form that IAM checks. */
  readonly arns?: true;
}
