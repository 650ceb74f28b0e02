/** A template as it was given, its parts checked: every intrinsic in it is one that is known here. */
export interface Template {
  readonly description?: string;
  readonly parameters: Readonly<Record<string, TemplateParameter>>;
  readonly resources: Readonly<Record<string, TemplateResource>>;
  readonly outputs: Readonly<Record<string, TemplateOutput>>;
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Description?: string;
  readonly Default?: string | number;
  readonly NoEcho?: boolean | string;
  readonly AllowedValues?: readonly (string | number)[];
  readonly AllowedPattern?: string;
  readonly ConstraintDescription?: string;
  readonly MinLength?: number;
  readonly MaxLength?: number;
  readonly MinValue?: number;
  readonly MaxValue?: number;
}

export interface TemplateResource {
  readonly type: string;
  /** With intrinsics in them. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Logical ids that come first: those it names, and those that its properties speak of. */
  readonly after: readonly string[];
  readonly deletionPolicy: DeletionPolicy;
  /** Whether the template names one, be it the usual one: what is imported must. */
  readonly saysDeletionPolicy: boolean;
  readonly updateReplacePolicy: 'Delete' | 'Retain';
  /** Other attributes, which only tell of it. */
  readonly metadata?: unknown;
}

export type DeletionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate';

export interface TemplateOutput {
  readonly description?: string;
  /** With intrinsics in it. */
  readonly value: unknown;
}
