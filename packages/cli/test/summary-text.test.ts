import { expect, test } from '@jest/globals';
import { code, escapeMarkdown, folded, table } from '@tenant-delivery/action-kit/markdown';
import { summaryText } from '../src/terminal/summary-text.ts';

const bold = (text: string) => `*${text}*`;

test('a summary reads in a terminal as on its page: result, remedy, tables, and the line of what is folded', () => {
  const markdown = [
    `### ${code('orders')}: failed`,
    escapeMarkdown('2 tasks <exited> with_code 3 & see http://b.example @all.'),
    '**What to do:** Fix it.',
    'Last lines:',
    '    Error: **no** database',
    table(
      ['zone', 'failed'],
      [
        ['`eu-west-1a`', '1'],
        ['b<br>c', '12'],
      ],
    ),
    folded('Details', 'two & more', '- hidden', folded('inside', '', 'hidden too')),
    '```mermaid\ngantt\n```',
    '[More about `X`](http://h/docs/failures/X.md)',
  ].join('\n\n');
  expect(summaryText(markdown, bold)).toEqual([
    '*orders: failed*',
    '2 tasks <exited> with_code 3 & see http://b.example @all.',
    '*What to do:* Fix it.',
    'Last lines:',
    '    Error: **no** database',
    'zone        failed',
    'eu-west-1a  1',
    'b; c        12',
    '▸ Details two & more',
    'More about X: http://h/docs/failures/X.md',
  ]);
});

test('a table that is wider than a terminal is told cell by cell', () => {
  const wide = 'x'.repeat(120);
  expect(summaryText(table(['check', 'remedy'], [['subnets', wide]]), bold)).toEqual([
    '- check: subnets',
    `  remedy: ${wide}`,
  ]);
});
