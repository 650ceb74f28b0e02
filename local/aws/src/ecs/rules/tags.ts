import type { Tag } from '@aws-sdk/client-ecs';
import type { Rule } from '../../rules/rule.ts';
import type { Call } from '../../world/service.ts';
import { ecsStore } from '../store.ts';
import { repeated } from './definition.ts';
import { onFargate } from './examples.ts';

interface Tagged {
  readonly tags?: readonly Tag[];
  readonly resourceArn?: string;
}

const PAGE = 'Tag - Amazon Elastic Container Service API Reference';
const MOST_TAGS = 50;
const OPERATIONS = ['CreateCluster', 'CreateService', 'RunTask', 'TagResource'];

function* keyMistakes(
  { tags = [], resourceArn = '' }: Tagged,
  { world, account, region }: Call,
): Iterable<string> {
  for (const { key = '', value = '' } of tags) {
    if (key === '' || key.length > 128 || value.length > 256)
      yield 'A tag key has 1 to 128 characters, a tag value up to 256.';
    if (/^aws:/i.test(key) || /^aws:/i.test(value))
      yield "Tag keys and values that begin with 'aws:' are reserved.";
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(key + value))
      yield `The tag ${key} has characters other than letters, numbers, spaces and + - = . _ : / @`;
  }
  const keys = tags.map(({ key }) => key ?? '');
  for (const key of repeated(keys)) yield `Duplicate tag key: ${key}`;
  const there = Object.keys(ecsStore(world, account, region).tags[resourceArn] ?? {});
  if (new Set([...there, ...keys]).size > MOST_TAGS) yield `A resource has at most ${MOST_TAGS} tags.`;
}

const tag = (key: string, value = ''): Tag[] => [{ key, value }];

const REFUSED: readonly Tag[][] = [
  tag('x'.repeat(129)),
  tag('tenant', 'x'.repeat(257)),
  tag('aws:tenant'),
  tag('tenant', 'AWS:acme'),
  tag('tenant', 'acme*'),
  [...tag('tenant'), ...tag('tenant')],
  Array.from({ length: 51 }, (_, at) => ({ key: `key-${at}` })),
];

export const tagRules: readonly Rule[] = [
  {
    operations: ['RegisterTaskDefinition'],
    page: PAGE,
    says: 'Tags of a task definition are left out where there are none.',
    code: 'ClientException',
    *mistakes({ tags }: Tagged) {
      if (tags?.length === 0) yield 'Tags can not be empty.';
    },
    shownBy: [onFargate({ tags: [] })],
  },
  {
    operations: ['RegisterTaskDefinition'],
    page: PAGE,
    says: 'At most 50 tags, each key once, with characters that are allowed and none of AWS.',
    code: 'ClientException',
    mistakes: keyMistakes,
    shownBy: [onFargate({ tags: tag('') }), ...REFUSED.map((tags) => onFargate({ tags }))],
  },
  {
    operations: OPERATIONS,
    page: PAGE,
    says: 'At most 50 tags, each key once, with characters that are allowed and none of AWS.',
    code: 'InvalidParameterException',
    mistakes: keyMistakes,
    shownBy: [{ tags: tag('') }, ...REFUSED.map((tags) => ({ tags }))],
  },
];
