import type { DescribeTagsCommandInput, Filter } from '@aws-sdk/client-ec2';
import type { Rule } from '../../rules/rule.ts';
import { DESCRIBING } from '../describing.ts';
import { FILTER_NAMES } from './filter-names.ts';

const FILTERING = 'Find your Amazon EC2 resources - Amazon Elastic Compute Cloud';
const [FILTERS, VALUES] = [50, 200]; // the most of one request, and of one filter

/** Two operations call them Filter. */
interface Filtered {
  readonly Filters?: readonly Filter[] | undefined;
  readonly Filter?: readonly Filter[] | undefined;
}

const filtersOf = ({ Filters, Filter }: Filtered) => Filters ?? Filter ?? [];
const named = (Values: readonly string[]) => ({ Name: 'vpc-id', Values });

const namedRules = Object.entries(FILTER_NAMES).map(
  ([operation, names]): Rule => ({
    operations: [operation],
    page: `${operation} - Amazon Elastic Compute Cloud`,
    says: 'A filter is one that the page lists, by its name as it is written there.',
    code: 'InvalidParameterValue',
    *mistakes(input: Filtered) {
      for (const { Name = '' } of filtersOf(input))
        if (!names.includes(Name) && !Name.startsWith('tag:')) yield `The filter '${Name}' is invalid`;
    },
    shownBy: [
      { Filters: [{ Name: 'colour', Values: ['red'] }] },
      { Filters: [{ Name: 'VPC-ID', Values: ['vpc-1'] }] },
    ],
  }),
);

/** How lists are asked for. */
export const filterRules: readonly Rule[] = [
  ...namedRules,
  {
    operations: DESCRIBING,
    page: FILTERING,
    says: `A request has ${FILTERS} filters at most, and a filter ${VALUES} values.`,
    code: 'FilterLimitExceeded',
    *mistakes(input: Filtered) {
      const filters = filtersOf(input);
      if (filters.length > FILTERS)
        yield `The maximum number of filters specified on a single call is ${FILTERS}`;
      if (filters.some(({ Values = [] }) => Values.length > VALUES))
        yield `The maximum number of filter values specified on a single call is ${VALUES}`;
    },
    shownBy: [
      { Filters: Array.from({ length: FILTERS + 1 }, () => named(['vpc-1'])) },
      { Filter: [named(Array.from({ length: VALUES + 1 }, (_, i) => `vpc-${i}`))] },
    ],
  },
  {
    operations: DESCRIBING,
    page: 'Filter - Amazon Elastic Compute Cloud',
    says: 'A filter has a name and at least one value.',
    code: 'InvalidParameterValue',
    *mistakes(input: Filtered) {
      for (const { Name, Values = [] } of filtersOf(input))
        if (!Name || Values.length === 0) yield `The filter '${Name ?? 'null'}' is invalid`;
    },
    shownBy: [
      { Filters: [{ Values: ['vpc-1'] }] },
      { Filters: [{ Name: 'vpc-id' }] },
      { Filter: [named([])] },
    ],
  },
  {
    operations: ['DescribeTags'],
    page: 'DescribeTags - Amazon Elastic Compute Cloud',
    says: 'A page has 5 to 1,000 items.',
    code: 'InvalidParameterValue',
    *mistakes({ MaxResults = 5 }: DescribeTagsCommandInput) {
      if (MaxResults < 5)
        yield `Value ( ${MaxResults} ) for parameter maxResults is invalid. Expecting a value greater than 5.`;
      if (MaxResults > 1_000)
        yield `Value ( ${MaxResults} ) for parameter maxResults is invalid. Expecting a value less than 1000.`;
    },
    shownBy: [{ MaxResults: 4 }, { MaxResults: 1_001 }],
  },
];
