import type {
  DescribeParametersCommandInput,
  DescribeParametersCommandOutput,
  GetParametersCommandInput,
  GetParametersCommandOutput,
  ParameterStringFilter,
} from '@aws-sdk/client-ssm';
import { parameterRules } from '../parameters/rules.ts';
import { findParameter, type Parameter, parametersOf } from '../parameters/state.ts';
import { pageOf } from '../world/page.ts';
import { AwsError, type Call, type Service } from '../world/service.ts';
import type { Output } from './output.ts';

export { type ParameterSeed, seedParameter } from '../parameters/state.ts';

/** Systems Manager as far as parameters. What is encrypted stays so: only tasks get it in clear. */
export const ssm: Service = {
  name: 'ssm',
  sdk: '@aws-sdk/client-ssm',
  operations: { DescribeParameters: describeParameters, GetParameters: getParameters },
  rules: parameterRules,
};

function describeParameters(
  { ParameterFilters = [], Filters = [], MaxResults = 50, NextToken }: DescribeParametersCommandInput,
  { world, account, region }: Call,
): Output<DescribeParametersCommandOutput> {
  const filters = [...ParameterFilters, ...Filters.map(({ Key, Values }) => ({ Key, Values }))];
  const found = Object.values(parametersOf(world, account, region))
    .filter((parameter) => filters.every((filter) => passes(parameter, filter)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, next } = pageOf(found, {
    token: NextToken,
    size: MaxResults,
    refused: () => new AwsError('InvalidNextToken', 'The specified token is not valid.'),
  });
  return {
    Parameters: items.map((parameter) => ({
      Name: parameter.name,
      ARN: parameter.arn,
      Type: parameter.type,
      ...(parameter.type === 'SecureString' ? { KeyId: 'alias/aws/ssm' } : {}),
      LastModifiedDate: new Date(parameter.modifiedAt),
      LastModifiedUser: `arn:aws:iam::${account}:root`,
      ...(parameter.description === undefined ? {} : { Description: parameter.description }),
      Version: parameter.version,
      Policies: [],
      Tier: 'Standard',
      DataType: 'text',
    })),
    ...(next !== undefined && { NextToken: next }),
  };
}

/** By name, type or path; a name is taken whole unless `BeginsWith` or `Contains` is asked for. */
function passes({ name, type }: Parameter, { Key, Option, Values = [] }: ParameterStringFilter): boolean {
  switch (Key) {
    case 'Type':
      return Values.includes(type);
    case 'Name':
      if (Option === 'BeginsWith') return Values.some((value) => name.startsWith(value));
      if (Option === 'Contains') return Values.some((value) => name.includes(value));
      return Values.includes(name);
    case 'Path':
      return Values.some((value) => underPath(name, value, Option === 'Recursive'));
    default:
      throw new AwsError(
        'NotImplemented',
        `local-aws filters parameters by Name, Type and Path, not by ${Key}.`,
        501,
      );
  }
}

function underPath(name: string, path: string, recursive: boolean): boolean {
  const folder = path.endsWith('/') ? path : `${path}/`;
  return name.startsWith(folder) && (recursive || !name.slice(folder.length).includes('/'));
}

/** What does not exist is listed, not refused. `Value` of a SecureString is its ciphertext; decrypting it is denied. */
function getParameters(
  { Names = [], WithDecryption = false }: GetParametersCommandInput,
  { world, account, region, principal }: Call,
): Output<GetParametersCommandOutput> {
  const all = parametersOf(world, account, region);
  const found = Names.flatMap((name) => findParameter(all, name) ?? []);
  if (WithDecryption && found.some(({ type }) => type === 'SecureString'))
    throw new AwsError(
      'AccessDeniedException',
      `User: ${principal?.arn} is not authorized to perform: kms:Decrypt on the key of an encrypted parameter`,
    );
  return {
    Parameters: found.map(({ name, arn, type, value, version, modifiedAt }) => ({
      Name: name,
      Type: type,
      Value: type === 'SecureString' ? ciphertext(arn) : value,
      Version: version,
      LastModifiedDate: new Date(modifiedAt),
      ARN: arn,
      DataType: 'text',
    })),
    InvalidParameters: Names.filter((name) => !findParameter(all, name)),
  };
}

/** In place of the ciphertext that KMS would make: nobody can read the value from it. */
const ciphertext = (arn: string) => Buffer.from(`PARAMETER_ARN ${arn}`).toString('base64');
