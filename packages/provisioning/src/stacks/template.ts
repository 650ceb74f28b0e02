/** A template of CloudFormation, as much of it as is written here ("Template anatomy", CloudFormation User Guide). */
export interface Template {
  readonly AWSTemplateFormatVersion: '2010-09-09';
  readonly Description: string;
  readonly Metadata?: Readonly<Record<string, string>>;
  readonly Parameters?: Readonly<Record<string, Parameter>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Description: string; readonly Value: Value }>>;
}

export interface Parameter {
  readonly Type: string;
  readonly Description: string;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  /**
   * What a withdrawal keeps. A create that fails takes it away again: nobody owns what a stack left that never was. It is
   * said of replacement too, so that nothing is lost by a change. What was adopted stays whatever happens: `Retain`.
   */
  readonly DeletionPolicy?: 'RetainExceptOnCreate' | 'Retain';
  readonly UpdateReplacePolicy?: 'Retain';
}

export type Resources = Readonly<Record<string, Resource>>;

export type Value =
  | string
  | { readonly Ref: string }
  | { readonly 'Fn::GetAtt': readonly [resource: string, attribute: string] }
  | { readonly 'Fn::Join': readonly [separator: string, parts: readonly Value[] | Value] };

export const ref = (name: string): Value => ({ Ref: name });
export const att = (resource: string, attribute: string): Value => ({ 'Fn::GetAtt': [resource, attribute] });
export const join = (separator: string, parts: readonly Value[] | Value): Value => ({
  'Fn::Join': [separator, parts],
});

/** The same resource, which stays when its stack goes or no longer has it. */
export const kept = (resource: Resource): Resource => ({
  ...resource,
  DeletionPolicy: 'RetainExceptOnCreate',
  UpdateReplacePolicy: 'Retain',
});

/** A name for a resource in a template, of letters and digits alone: `nat-euw1-az1` is `NatEuw1Az1`. */
export function logicalId(...parts: readonly (string | number)[]): string {
  return parts
    .flatMap((part) => String(part).split(/[^A-Za-z0-9]+/))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

export type Tags = Readonly<Record<string, string>>;

/** As most resources take them. */
export function tagList(tags: Tags): readonly { readonly Key: string; readonly Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
