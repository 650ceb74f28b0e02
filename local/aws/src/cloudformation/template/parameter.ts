import { invalid, notHere } from './refusals.ts';
import type { TemplateParameter } from './template.ts';

/** "CloudFormation template Parameters syntax": what a parameter may say, and what each says. */
const PROPERTIES: Readonly<Record<string, (given: unknown) => boolean>> = {
  Type: (given) => typeof given === 'string',
  Description: (given) => isText(given) && String(given).length <= 4_000,
  Default: isText,
  NoEcho: isBoolean,
  AllowedValues: (given) => Array.isArray(given) && given.every(isText),
  AllowedPattern: isPattern,
  ConstraintDescription: (given) => isText(given) && String(given).length <= 4_000,
  MinLength: isNumber,
  MaxLength: isNumber,
  MinValue: isNumber,
  MaxValue: isNumber,
};

/** "CloudFormation-supplied parameter types" */
const TYPE =
  /^(String|Number|CommaDelimitedList|List<(String|Number)>|(List<)?AWS::EC2::(AvailabilityZone::Name|Image::Id|Instance::Id|SecurityGroup::(GroupName|Id)|Subnet::Id|Volume::Id|VPC::Id)>?|(List<)?AWS::Route53::HostedZone::Id>?|AWS::EC2::KeyPair::KeyName)$/;

/** Reads one parameter of a template. */
export function parameterOf(name: string, given: unknown): TemplateParameter {
  if (typeof given !== 'object' || given === null || typeof Reflect.get(given, 'Type') !== 'string')
    throw invalid('Template format error: Every Parameters object must contain a Type member.');
  for (const [property, value] of Object.entries(given)) {
    const fits = Object.hasOwn(PROPERTIES, property) ? PROPERTIES[property] : undefined;
    if (!fits) throw invalid(`Invalid template parameter property '${property}'`);
    if (!fits(value)) throw invalid(`Template format error: [/Parameters/${name}/${property}] is not valid.`);
  }
  const parameter = given as TemplateParameter; // as the lines above found it
  if (parameter.Type.startsWith('AWS::SSM::')) throw notHere(`parameters of the type ${parameter.Type}`);
  if (!TYPE.test(parameter.Type))
    throw invalid(`Template format error: Unrecognized parameter type: ${parameter.Type}`);
  return parameter;
}

function isPattern(given: unknown): boolean {
  try {
    return typeof given === 'string' && new RegExp(given) !== undefined;
  } catch {
    return false; // no regular expression
  }
}

function isText(given: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof given);
}

function isBoolean(given: unknown): boolean {
  return /^(true|false)$/.test(String(given));
}

function isNumber(given: unknown): boolean {
  return isText(given) && /^-?\d+(\.\d+)?$/.test(String(given));
}
