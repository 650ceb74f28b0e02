import type { GetMetricDataCommandInput, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Rule } from '../../rules/rule.ts';

/** Queries for figures of metrics. */
export const queryRules: readonly Rule[] = [
  {
    operations: ['GetMetricData'],
    page: 'GetMetricData - Amazon CloudWatch',
    says: 'Data is asked for by 1 to 500 queries, over a time that ends after it begins.',
    code: 'ValidationError',
    *mistakes({ MetricDataQueries: queries = [], StartTime, EndTime }: GetMetricDataCommandInput) {
      if (queries.length < 1 || queries.length > 500) yield 'MetricDataQueries must have 1 to 500 elements.';
      if (StartTime && EndTime && StartTime >= EndTime)
        yield 'The parameter EndTime must be greater than the parameter StartTime.';
      yield* queryMistakes(queries);
    },
    shownBy: [
      { MetricDataQueries: [] },
      { MetricDataQueries: [{ Id: 'a', Expression: '1' }], StartTime: new Date(2), EndTime: new Date(1) },
      { MetricDataQueries: [{ Id: 'a' }] },
      { MetricDataQueries: [{ Id: 'a', MetricStat: { Metric: {}, Period: 7, Stat: 'Sum' } }] },
      { MetricDataQueries: [{ Id: 'a', MetricStat: { Metric: {}, Period: 60, Stat: 'Median' } }] },
    ],
  },
];

/** Each query has one way to its figures, a name of its own, and speaks of names that are there. */
export function* queryMistakes(queries: readonly MetricDataQuery[]): Iterable<string> {
  const ids = queries.map(({ Id = '' }) => Id);
  if (new Set(ids).size < ids.length) yield 'The value for the parameter Id must be unique.';
  for (const { Id = '', Expression, MetricStat } of queries) {
    if (!/^[a-z]\w*$/.test(Id)) yield `Invalid Id ${Id}. It must begin with a lowercase letter.`;
    if ((Expression === undefined) === (MetricStat === undefined))
      yield `The query ${Id} must have either Expression or MetricStat.`;
    const { Period = 60, Stat } = MetricStat ?? {};
    if (!isPeriod(Period)) yield `Period ${Period} must be 10, 20, 30 or a multiple of 60.`;
    if (Stat !== undefined && !isStatistic(Stat))
      yield `The value ${Stat} for parameter Stat is not supported.`;
    const names = (Expression ?? '').replace(/'[^']*'|"[^"]*"/g, '').match(/\b[a-z]\w*\b(?!\s*\()/g) ?? [];
    const nobody = /^\s*SELECT\b/i.test(Expression ?? '')
      ? undefined
      : names.find((name) => !ids.includes(name));
    if (nobody !== undefined) yield `Error in expression '${Id}': the id ${nobody} is not there.`;
  }
}

const isPeriod = (seconds: number) =>
  [1, 5, 10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0);

/** "CloudWatch statistics definitions" */
export function isStatistic(text: string): boolean {
  const percent = Number(/^(?:p|tm|tc|ts|wm)(\d{1,3}(?:\.\d{1,10})?)$/.exec(text)?.[1] ?? 101);
  return (
    ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum', 'IQM'].includes(text) ||
    percent <= 100 ||
    /^(TM|TC|TS|WM|PR)\([\d.]*%?:[\d.]*%?\)$/.test(text)
  );
}
