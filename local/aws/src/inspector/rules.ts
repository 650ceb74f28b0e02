import type {
  CoverageStringFilter,
  ListCoverageCommandInput,
  ListFindingsCommandInput,
  StringFilter,
} from '@aws-sdk/client-inspector2';
import type { Rule } from '../rules/rule.ts';

const COVERAGE = 'CoverageFilterCriteria - Inspector';
const FINDINGS = 'FilterCriteria - Inspector';
const CODE = 'ValidationException';

/** The values that pages list for filters which are texts in the model. */
const VALUES = {
  resourceType: [
    'AWS_EC2_INSTANCE',
    'AWS_LAMBDA_FUNCTION',
    'AWS_ECR_CONTAINER_IMAGE',
    'AWS_ECR_REPOSITORY',
    'AWS_ACCOUNT',
    'CODE_REPOSITORY',
  ],
  scanMode: ['EC2_SSM_AGENT_BASED', 'EC2_AGENTLESS'],
  fixAvailable: ['YES', 'NO', 'PARTIAL'],
};

const by = (criteria: object) => ({ filterCriteria: criteria });
const equals = (value: string) => [{ comparison: 'EQUALS', value }];

/** What a page lists of the values of filters, and an input does not keep to. */
function* strangers(
  name: keyof typeof VALUES,
  filters: readonly (StringFilter | CoverageStringFilter)[] = [],
): Iterable<string> {
  for (const { value = '' } of filters)
    if (!VALUES[name].includes(value))
      yield `Invalid value ${value} of the filter ${name}. Valid values: ${VALUES[name].join(', ')}.`;
}

/** Filters of findings and of coverage. Numbers, lengths and comparisons are in the model. */
export const inspectorRules: readonly Rule[] = [
  {
    operations: ['ListCoverage'],
    page: COVERAGE,
    says: 'Coverage is filtered by resource types and scan modes that there are.',
    code: CODE,
    *mistakes({ filterCriteria = {} }: ListCoverageCommandInput) {
      yield* strangers('resourceType', filterCriteria.resourceType);
      yield* strangers('scanMode', filterCriteria.scanMode);
    },
    shownBy: [by({ resourceType: equals('IMAGE') }), by({ scanMode: equals('EC2') })],
  },
  {
    operations: ['ListFindings'],
    page: FINDINGS,
    says: 'Whether there is a fix is YES, NO or PARTIAL.',
    code: CODE,
    *mistakes({ filterCriteria = {} }: ListFindingsCommandInput) {
      yield* strangers('fixAvailable', filterCriteria.fixAvailable);
    },
    shownBy: [by({ fixAvailable: equals('MAYBE') })],
  },
];
