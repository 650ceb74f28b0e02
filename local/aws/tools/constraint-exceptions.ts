/** Where a service answers otherwise than its model says. The constraint is left out, and a rule says what the page says. */
export interface Exception {
  readonly service: string;
  readonly shape: string;
  readonly drops: readonly ('min' | 'max' | 'enum' | 'pattern')[];
  readonly reason: string;
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    service: 'cloudtrail',
    shape: 'MaxResults',
    drops: ['min', 'max'],
    reason: 'LookupEvents answers InvalidMaxResultsException (LookupEvents, CloudTrail API reference).',
  },
  {
    service: 'cloudtrail',
    shape: 'LookupAttributeKey',
    drops: ['enum'],
    reason: 'LookupEvents answers InvalidLookupAttributesException (same page).',
  },
  {
    service: 'cloudtrail',
    shape: 'EventCategory',
    drops: ['enum'],
    reason: 'LookupEvents answers InvalidEventCategoryException (same page).',
  },
];
