import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { escapeMarkdown, prose, table } from '@tenant-delivery/action-kit/markdown';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { MISTAKES, made, type Told } from '../stage/mistakes.ts';
import { openStage } from '../stage/stage.ts';

/** `npm run mistakes` plays them, writes the page again and prints it. */
const PAGE = join(root, 'docs/first-mistakes.md');
const BEGIN = '<!-- mistakes -->\n\n';
const END = '\n<!-- /mistakes -->\n';

let stage: Stage;
const rows: (readonly string[])[] = [];
beforeAll(async () => {
  stage = await openStage({ runtime: 'simulated', scale: 60 });
}, 60_000);
afterAll(() => stage.platform.close());

it.each(MISTAKES)(
  '$what: one error, and what to do',
  async (mistake) => {
    const [told, ...more] = await made(stage, mistake);
    expect(more).toEqual([]);
    expect(told).toMatchObject({
      by: expect.stringMatching(/^(GitHub|[A-Z_]+)$/),
      remedy: expect.stringMatching(/\w+ \w+/),
    });
    if (told) rows.push([prose(mistake.what), sayTold(told), prose(told.remedy)]);
  },
  120_000,
);

it('are on the page as they are told today', () => {
  const page = readFileSync(PAGE, 'utf8');
  const [before = '', after = ''] = [page.split(BEGIN)[0], page.split(END)[1]];
  const told = `${before}${BEGIN}${table(['the mistake', 'what the run says', 'what to do'], rows)}${END}${after}`;
  if (process.env['MISTAKES'] === 'write') {
    writeFileSync(PAGE, told);
    process.stdout.write(told);
  }
  expect(readFileSync(PAGE, 'utf8')).toBe(told);
});

/** The message, each detail on a line of its own, and the page of its code. */
function sayTold({ by, message }: Told): string {
  const lines = message.split('\n').map((line) => escapeMarkdown(line));
  const page = by === 'GitHub' ? 'GitHub says' : `[${by}](failures/${by}.md)`;
  return `${page}: ${lines.join('<br>')}`;
}
