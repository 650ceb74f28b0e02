import type { Parameter, Tag } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../world/service.ts';
import type { Input, Stack } from './state.ts';
import { parameterValues } from './template/parameters.ts';
import { parseTemplate } from './template/parse.ts';
import { invalid, notHere } from './template/refusals.ts';
import type { Template } from './template/template.ts';

/** What CreateChangeSet, CreateStack and UpdateStack have in common. */
export interface Given {
  readonly StackName?: string | undefined;
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly UsePreviousTemplate?: boolean | undefined;
  readonly Parameters?: readonly Parameter[] | undefined;
  readonly Capabilities?: readonly string[] | undefined;
  readonly Tags?: readonly Tag[] | undefined;
}

/** What a stack is to be, by a request and by what it was. */
export function inputOf(
  given: Given,
  stack: Stack | undefined,
): { readonly input: Input; readonly parsed: Template } {
  const { Parameters = [], Capabilities = [], Tags } = given;
  const template = templateText(given, stack);
  const parsed = parseTemplate(template);
  const parameters = parameterValues(parsed, Parameters, stack?.applied?.parameters ?? {});
  demandCapabilities(parsed, Capabilities);
  const tags = Tags ? tagsOf(Tags) : (stack?.applied?.tags ?? {});
  return { input: { template, parameters, tags, capabilities: [...Capabilities] }, parsed };
}

export function templateText(
  { TemplateBody, TemplateURL, UsePreviousTemplate }: Given,
  stack?: Stack,
): string {
  if (TemplateURL !== undefined) throw notHere('templates by URL');
  const previous = UsePreviousTemplate ? stack?.applied?.template : undefined;
  if (UsePreviousTemplate && previous === undefined)
    throw invalid('The stack has no template that could be used again.');
  const text = UsePreviousTemplate ? previous : TemplateBody;
  if (text === undefined || (UsePreviousTemplate && TemplateBody !== undefined))
    throw invalid('Either Template URL or Template Body must be specified.');
  return text;
}

function tagsOf(tags: readonly Tag[]): Readonly<Record<string, string>> {
  if (tags.length > 50) throw invalid('A stack has 50 tags at most.');
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** Types that can widen what somebody may do, and the property with which they are named ("Acknowledging IAM resources"). */
const NAMED: Readonly<Record<string, string>> = {
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
};
const UNNAMED = ['AWS::IAM::AccessKey', 'AWS::IAM::Policy', 'AWS::IAM::UserToGroupAddition'];

/** The capability that a template needs, and the types that it needs it for. */
export function capabilityOf({ resources }: Template) {
  const all = Object.values(resources);
  const types = [...new Set(all.map(({ type }) => type))].filter(
    (type) => Object.hasOwn(NAMED, type) || UNNAMED.includes(type),
  );
  const named = all.some(
    ({ type, properties }) => Object.hasOwn(NAMED, type) && properties[NAMED[type] ?? ''] !== undefined,
  );
  if (types.length === 0) return undefined;
  return { capability: named ? ('CAPABILITY_NAMED_IAM' as const) : ('CAPABILITY_IAM' as const), types };
}

function demandCapabilities(template: Template, given: readonly string[]): void {
  const needed = capabilityOf(template);
  if (!needed) return;
  const enough =
    needed.capability === 'CAPABILITY_IAM' ? ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'] : [needed.capability];
  if (!enough.some((one) => given.includes(one)))
    throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${needed.capability}]`);
}
