import { specOf } from '../spec.ts';
import { resourceTypes } from '../types/index.ts';
import { isIntrinsic, referencesIn } from './intrinsics.ts';
import { parameterOf } from './parameter.ts';
import { readBody } from './read-body.ts';
import { invalid, notHere } from './refusals.ts';
import type { DeletionPolicy, Template, TemplateOutput, TemplateResource } from './template.ts';

/** "Understand CloudFormation quotas" */
const MOST = { Resources: 500, Parameters: 200, Outputs: 200 } as const;
const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Resources',
  'Outputs',
];
/** AWS has these; here they are refused, because a template that has one means something by it. */
const NOT_HERE = ['Conditions', 'Mappings', 'Rules', 'Transform'];
const ATTRIBUTES = ['Type', 'Properties', 'DependsOn', 'DeletionPolicy', 'UpdateReplacePolicy', 'Metadata'];
const ATTRIBUTES_NOT_HERE = ['Condition', 'CreationPolicy', 'UpdatePolicy'];
const OUTPUT = ['Value', 'Description', 'Export', 'Condition'];
const PSEUDO = [
  'AWS::AccountId',
  'AWS::NoValue',
  'AWS::NotificationARNs',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
];

type Data = Readonly<Record<string, unknown>>;

/** Reads a template and refuses what CloudFormation refuses before it does anything. */
export function parseTemplate(text: string): Template {
  const body = readBody(text);
  const sections = Object.keys(body);
  for (const section of NOT_HERE) if (sections.includes(section)) throw notHere(`the section ${section}`);
  const odd = sections.filter((section) => !SECTIONS.includes(section));
  if (odd.length > 0) throw invalid(`Invalid template property or properties [${odd.join(', ')}]`);
  const [resources, parameters, outputs] = (['Resources', 'Parameters', 'Outputs'] as const).map((section) =>
    sectionOf(body, section),
  ) as [Data, Data, Data];
  if (Object.keys(resources).length === 0)
    throw invalid('Template format error: At least one Resources member must be defined.');
  checkHead(body);
  const twice = Object.keys(parameters).find((name) => Object.hasOwn(resources, name));
  if (twice !== undefined) throw invalid(`Template format error: Duplicate logical name ${twice}`);
  const template: Template = {
    ...(typeof body['Description'] === 'string' && { description: body['Description'] }),
    parameters: mapped(parameters, parameterOf),
    resources: mapped(resources, resourceOf),
    outputs: mapped(outputs, outputOf),
  };
  checkTypes(template);
  checkReferences(template);
  checkCircles(template);
  return template;
}

function sectionOf(body: Data, section: keyof typeof MOST): Data {
  const { [section]: given = {} } = body;
  if (!isData(given)) throw invalid(`Template format error: ${section} must be an object.`);
  const count = Object.keys(given).length;
  if (count > MOST[section])
    throw invalid(
      `Template format error: Number of ${section.toLowerCase()}, ${count}, is greater than maximum allowed, ${MOST[section]}`,
    );
  const bad = Object.keys(given).find((name) => !/^[A-Za-z0-9]{1,255}$/.test(name));
  if (bad !== undefined) throw invalid(`Template format error: ${section} name ${bad} is non alphanumeric.`);
  return given;
}

/** "CloudFormation template sections" */
function checkHead({ AWSTemplateFormatVersion: version, Description: description }: Data): void {
  if (version !== undefined && version !== '2010-09-09')
    throw invalid(`Template format error: [/AWSTemplateFormatVersion] ${version} is not a supported version`);
  if (description === undefined) return;
  if (typeof description !== 'string') throw invalid('Template format error: Description must be a string.');
  if (Buffer.byteLength(description) > 1_024)
    throw invalid("Template format error: 'Description' length is greater than 1024.");
}

function resourceOf(id: string, given: unknown): TemplateResource {
  if (!isData(given) || typeof given['Type'] !== 'string')
    throw invalid(
      `Template format error: [/Resources/${id}] Every Resources object must contain a Type member.`,
    );
  for (const attribute of ATTRIBUTES_NOT_HERE)
    if (attribute in given) throw notHere(`the attribute ${attribute} of a resource`);
  const odd = Object.keys(given).find((attribute) => !ATTRIBUTES.includes(attribute));
  if (odd !== undefined) throw invalid(`Invalid template resource property '${odd}'`);
  const { Properties = {}, DependsOn = [], Metadata } = given;
  if (!isData(Properties))
    throw invalid(`Template format error: [/Resources/${id}/Properties] must be an object.`);
  const named = [DependsOn].flat().map(String);
  return {
    type: given['Type'],
    properties: Properties,
    after: [...named, ...referencesIn(Properties).map(({ name }) => name)],
    deletionPolicy: policyOf(given, 'DeletionPolicy', ['Delete', 'Retain', 'RetainExceptOnCreate']),
    saysDeletionPolicy: given['DeletionPolicy'] !== undefined,
    updateReplacePolicy: policyOf(given, 'UpdateReplacePolicy', ['Delete', 'Retain']),
    ...(Metadata !== undefined && { metadata: Metadata }),
  };
}

function policyOf<Policy extends DeletionPolicy>(
  given: Data,
  attribute: string,
  allowed: readonly Policy[],
): Policy {
  const { [attribute]: value = 'Delete' } = given;
  if (value === 'Snapshot') throw notHere(`${attribute} Snapshot`);
  const found = allowed.find((one) => one === value);
  if (!found) throw invalid(`Template format error: Unrecognized ${attribute} ${JSON.stringify(value)}`);
  return found;
}

function outputOf(id: string, given: unknown): TemplateOutput {
  if (!isData(given) || given['Value'] === undefined)
    throw invalid(`Template format error: [/Outputs/${id}] Every Outputs member must contain a Value object`);
  const odd = Object.keys(given).find((member) => !OUTPUT.includes(member));
  if (odd !== undefined) throw invalid(`Invalid template output property '${odd}'`);
  if ('Export' in given) throw notHere('exports of outputs');
  if ('Condition' in given) throw notHere('conditions of outputs');
  const { Description, Value } = given;
  if (Array.isArray(Value) || (isData(Value) && !isIntrinsic(Value)))
    throw invalid(
      'Template format error: The Value field of every Outputs member must evaluate to a String.',
    );
  return { value: Value, ...(typeof Description === 'string' && { description: Description }) };
}

function checkTypes({ resources }: Template): void {
  const types = [...new Set(Object.values(resources).map(({ type }) => type))];
  const unknown = types.filter((type) => !specOf(type));
  if (unknown.length > 0)
    throw invalid(`Template format error: Unrecognized resource types: [${unknown.join(', ')}]`);
  const missing = types.filter((type) => !resourceTypes.has(type));
  if (missing.length > 0) throw notHere(`resources of the type ${missing.join(', ')}`);
}

function checkReferences({ resources, parameters, outputs }: Template): void {
  const known = new Set([...Object.keys(resources), ...Object.keys(parameters), ...PSEUDO]);
  const checkIn = (values: readonly unknown[], block: string) => {
    const all = values.flatMap((value) => referencesIn(value));
    const lost = all.filter(({ name, attribute }) => (attribute === undefined ? !known.has(name) : false));
    if (lost.length > 0)
      throw invalid(
        `Template format error: Unresolved resource dependencies [${[...new Set(lost.map(({ name }) => name))].join(', ')}] in the ${block} block of the template`,
      );
    for (const { name, attribute } of all)
      if (attribute !== undefined) checkAttribute(resources, name, attribute);
  };
  checkIn(
    Object.values(resources).map(({ properties }) => properties),
    'Resources',
  );
  checkIn(
    Object.values(outputs).map(({ value }) => value),
    'Outputs',
  );
  const after = Object.values(resources).flatMap((one) => one.after);
  const nobody = after.filter((id) => !known.has(id));
  if (nobody.length > 0)
    throw invalid(
      `Template format error: Unresolved resource dependencies [${nobody.join(', ')}] in the Resources block of the template`,
    );
}

function checkAttribute(resources: Template['resources'], id: string, attribute: string): void {
  const type = resources[id]?.type;
  if (type === undefined)
    throw invalid(`Template error: instance of Fn::GetAtt references undefined resource ${id}`);
  if (!Object.hasOwn(specOf(type)?.attributes ?? {}, attribute))
    throw invalid(
      `Template error: resource ${id} does not support attribute type ${attribute} in Fn::GetAtt`,
    );
}

function checkCircles({ resources }: Template): void {
  const done = new Set<string>();
  const visit = (id: string, path: readonly string[]): void => {
    if (path.includes(id))
      throw invalid(`Circular dependency between resources: [${path.slice(path.indexOf(id)).join(', ')}]`);
    if (done.has(id)) return;
    for (const other of resources[id]?.after ?? []) visit(other, [...path, id]);
    done.add(id);
  };
  for (const id of Object.keys(resources)) visit(id, []);
}

function mapped<To>(given: Data, make: (name: string, value: unknown) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, make(name, value)]));
}

function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
