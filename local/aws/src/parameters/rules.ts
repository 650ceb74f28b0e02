import type {
  DescribeParametersCommandInput,
  GetParametersCommandInput,
  ParameterStringFilter,
} from '@aws-sdk/client-ssm';
import type { Rule } from '../rules/rule.ts';

const FILTER = 'ParameterStringFilter - AWS Systems Manager';
const LEVELS = 15; // of a hierarchy

/** What each key can be compared by; keys of which the page says nothing more have these two. */
const USUAL = ['BeginsWith', 'Equals'];
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  Name: ['BeginsWith', 'Contains', 'Equals'],
  Path: ['OneLevel', 'Recursive'],
};

const VALUES: Readonly<Record<string, readonly string[]>> = {
  Type: ['String', 'StringList', 'SecureString'],
  Tier: ['Standard', 'Advanced', 'Intelligent-Tiering'],
};

const by = (filter: ParameterStringFilter) => ({ ParameterFilters: [filter] });

export const parameterRules: readonly Rule[] = [
  {
    operations: ['GetParameters'],
    page: 'GetParameters - AWS Systems Manager',
    says: 'A parameter is named by its name or ARN, with one version or label behind a colon.',
    code: 'ValidationException',
    *mistakes({ Names = [] }: GetParametersCommandInput) {
      for (const name of Names)
        if (!name.startsWith('arn:') && !/^[^:]+(:[^:]+)?$/.test(name))
          yield 'Invalid parameter name. Please use correct syntax for referencing a version/label  <name>:<version/label>';
    },
    shownBy: [{ Names: ['/acme/key:1:2'] }, { Names: ['/acme/key', ':1'] }],
  },
  {
    operations: ['DescribeParameters'],
    page: 'DescribeParameters - AWS Systems Manager',
    says: 'Filters and ParameterFilters are not both given.',
    code: 'ValidationException',
    *mistakes({ ParameterFilters = [], Filters = [] }: DescribeParametersCommandInput) {
      if (ParameterFilters.length > 0 && Filters.length > 0)
        yield 'You can use either Filters or ParameterFilters in a single request.';
    },
    shownBy: [{ ParameterFilters: [{ Key: 'Name' }], Filters: [{ Key: 'Name', Values: ['x'] }] }],
  },
  {
    operations: ['DescribeParameters'],
    page: FILTER,
    says: 'Parameters are described by any key of a filter but Label.',
    code: 'InvalidFilterKey',
    *mistakes({ ParameterFilters = [] }: DescribeParametersCommandInput) {
      for (const { Key } of ParameterFilters)
        if (Key === 'Label')
          yield `The following filter key is not valid: ${Key}. Valid filter keys include: [Path, Name, Type, KeyId, Tier, DataType, tag:key].`;
    },
    shownBy: [by({ Key: 'Label', Values: ['prod'] })],
  },
  {
    operations: ['DescribeParameters'],
    page: FILTER,
    says: 'A filter compares by BeginsWith or Equals, of names by Contains too; a path is one level or recursive.',
    code: 'InvalidFilterOption',
    *mistakes({ ParameterFilters = [] }: DescribeParametersCommandInput) {
      for (const { Key = '', Option } of ParameterFilters) {
        const options = (Object.hasOwn(OPTIONS, Key) && OPTIONS[Key]) || USUAL;
        if (Option !== undefined && !options.includes(Option))
          yield `The following filter option is not valid: ${Option}. Valid options include: [${options.join(', ')}].`;
      }
    },
    shownBy: [
      by({ Key: 'Path', Option: 'Equals', Values: ['/acme'] }),
      by({ Key: 'Type', Option: 'Contains', Values: ['String'] }),
      by({ Key: 'Name', Option: 'Recursive', Values: ['/acme'] }),
    ],
  },
  {
    operations: ['DescribeParameters'],
    page: FILTER,
    says: 'A filter has values, and those of a type or a tier are types or tiers.',
    code: 'InvalidFilterValue',
    *mistakes({ ParameterFilters = [] }: DescribeParametersCommandInput) {
      for (const { Key = '', Values = [] } of ParameterFilters) {
        if (Values.length === 0 && !Key.startsWith('tag:')) yield `The filter ${Key} has no value.`;
        const known = Object.hasOwn(VALUES, Key) ? VALUES[Key] : undefined;
        const wrong = Values.find((value) => known?.includes(value) === false);
        if (wrong !== undefined) yield `The following filter value is not valid: ${wrong}.`;
      }
    },
    shownBy: [
      by({ Key: 'Name' }),
      by({ Key: 'Type', Values: ['Text'] }),
      by({ Key: 'Tier', Values: ['Free'] }),
    ],
  },
  {
    operations: ['DescribeParameters'],
    page: 'Working with parameter hierarchies in Parameter Store - AWS Systems Manager',
    says: `A path begins with a slash and has ${LEVELS} levels at most.`,
    code: 'InvalidFilterValue',
    *mistakes({ ParameterFilters = [] }: DescribeParametersCommandInput) {
      const paths = ParameterFilters.filter(({ Key }) => Key === 'Path');
      for (const path of paths.flatMap(({ Values = [] }) => Values)) {
        if (!path.startsWith('/')) yield `The parameter path must begin with a slash: ${path}`;
        if (levelsOf(path) > LEVELS) yield `Parameter hierarchies have ${LEVELS} levels at most: ${path}`;
      }
    },
    shownBy: [by({ Key: 'Path', Values: ['acme'] }), by({ Key: 'Path', Values: ['/a'.repeat(LEVELS + 1)] })],
  },
];

const levelsOf = (path: string) => path.split('/').filter((level) => level !== '').length;

/** What Parameter Store would refuse of a new parameter's name ("PutParameter - AWS Systems Manager"). */
export function* nameMistakes(name: string): Iterable<string> {
  if (!/^[\w.\-/]+$/.test(name) || (name.includes('/') && !name.startsWith('/')))
    yield 'Parameter name must be a fully qualified name of letters, digits and the symbols .-_/';
  if (/^\/?(aws|ssm)/i.test(name))
    yield 'Parameter name can\'t be prefixed with "aws" or "ssm" (case-insensitive).';
  if (levelsOf(name) > LEVELS) yield `A parameter name has ${LEVELS} levels at most.`;
}
