import type { Parameter } from '@aws-sdk/client-cloudformation';
import { invalid } from './refusals.ts';
import type { Template, TemplateParameter } from './template.ts';

/** What each parameter has, by name: what is given, else what the stack had, else the default. */
export function parameterValues(
  { parameters }: Pick<Template, 'parameters'>,
  given: readonly Parameter[],
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const strange = given
    .map(({ ParameterKey = '' }) => ParameterKey)
    .filter((name) => !Object.hasOwn(parameters, name));
  if (strange.length > 0) throw invalid(`Parameters: [${strange.join(', ')}] do not exist in the template`);
  const values = Object.entries(parameters).map(([name, parameter]) => {
    const one = given.find(({ ParameterKey }) => ParameterKey === name);
    if (one?.UsePreviousValue && before[name] === undefined)
      throw invalid(
        `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    const said = one?.UsePreviousValue ? before[name] : (one?.ParameterValue ?? (one ? '' : undefined));
    const value = said ?? (parameter.Default === undefined ? undefined : String(parameter.Default));
    return [name, value] as const;
  });
  const missing = values.filter(([, value]) => value === undefined).map(([name]) => name);
  if (missing.length > 0) throw invalid(`Parameters: [${missing.join(', ')}] must have values`);
  const all = Object.fromEntries(values.map(([name, value]) => [name, value ?? '']));
  for (const [name, parameter] of Object.entries(parameters)) judge(name, parameter, all[name] ?? '');
  return all;
}

/** What `Ref` gives of a parameter. */
export function parameterValue({ Type }: TemplateParameter, value: string): unknown {
  if (Type === 'CommaDelimitedList' || Type.startsWith('List<'))
    return value === '' ? [] : value.split(',').map((one) => one.trim());
  return value;
}

/** The parameters of a stack as it tells them; what is not to be echoed is not. */
export function toldParameters(
  { parameters }: Pick<Template, 'parameters'>,
  values: Readonly<Record<string, string>>,
): Parameter[] {
  return Object.entries(values).map(([ParameterKey, value]) => ({
    ParameterKey,
    ParameterValue: String(parameters[ParameterKey]?.NoEcho) === 'true' ? '****' : value,
  }));
}

/** Bytes of a value ("Understand CloudFormation quotas"). */
const LONGEST = 4_096;

/** Identifiers by the type of a parameter ("CloudFormation-supplied parameter types"). */
const FORMS: Readonly<Record<string, RegExp>> = {
  'AWS::EC2::VPC::Id': /^vpc-[0-9a-z-]+$/,
  'AWS::EC2::Subnet::Id': /^subnet-[0-9a-z-]+$/,
  'AWS::EC2::SecurityGroup::Id': /^sg-[0-9a-z-]+$/,
};

function judge(name: string, parameter: TemplateParameter, value: string): void {
  const {
    Type,
    AllowedValues,
    AllowedPattern,
    ConstraintDescription,
    MinLength,
    MaxLength,
    MinValue,
    MaxValue,
  } = parameter;
  if (Buffer.byteLength(value) > LONGEST)
    throw invalid(`Parameter '${name}' is longer than ${LONGEST} bytes`);
  const refuse = (why: string) =>
    invalid(
      `Parameter '${name}' ${ConstraintDescription ? `failed to satisfy constraint: ${ConstraintDescription}` : why}`,
    );
  const of = /^List<(.+)>$/.exec(Type)?.[1] ?? Type;
  const form = of === 'Number' ? /^-?\d+(\.\d+)?$/ : Object.hasOwn(FORMS, of) ? FORMS[of] : undefined;
  for (const one of [parameterValue(parameter, value)].flat().map(String)) {
    if (form && !form.test(one))
      throw of === 'Number'
        ? refuse('must be a number.')
        : invalid(
            `Parameter validation failed: parameter value ${one} for parameter name ${name} does not exist`,
          );
    if (AllowedValues && !AllowedValues.map(String).includes(one))
      throw refuse(`must be one of AllowedValues`);
  }
  if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(value))
    throw refuse(`must match pattern ${AllowedPattern}`);
  if (MinLength !== undefined && value.length < MinLength)
    throw refuse(`must contain at least ${MinLength} characters`);
  if (MaxLength !== undefined && value.length > MaxLength)
    throw refuse(`must contain at most ${MaxLength} characters`);
  if (MinValue !== undefined && Number(value) < MinValue)
    throw refuse(`must be a number not less than ${MinValue}`);
  if (MaxValue !== undefined && Number(value) > MaxValue)
    throw refuse(`must be a number not greater than ${MaxValue}`);
}
