import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { commandsInText, edited, stepsIn } from '../stage/page.ts';

const read = (page: string) => readFileSync(join(import.meta.dirname, '../../docs', `${page}.md`), 'utf8');

/** Pages whose every step is played by `stories/onboarding` and `stories/adopting`. */
const GUIDES = ['adopting', 'onboarding', 'upgrading'] as const;

describe.each(GUIDES)('docs/%s.md', (page) => {
  it('has all its commands in blocks that a test runs', () => {
    expect(stepsIn(read(page)).length).toBeGreaterThan(10);
    expect(commandsInText(read(page))).toEqual([]);
  });

  it('marks what a person does in one form', () => {
    const clicks = stepsIn(read(page)).filter(({ kind }) => kind === 'click');
    const marks = read(page).match(/click\b/gi) ?? [];
    const told = 1; // the sentence that explains the mark
    expect(marks).toHaveLength(clicks.length + told);
  });
});

describe('a page', () => {
  it('is read in its order: commands, files, edits and clicks, also in lists', () => {
    const page = [
      '1. Do it:',
      '',
      '   ```sh',
      '   aws sts get-caller-identity',
      '   git push origin \\',
      '     HEAD:main',
      '   ```',
      '',
      '   > **Click (customer):** agree to it,',
      '   > and merge it.',
      '',
      '```diff',
      '-serial: 1',
      '+serial: 2',
      '```',
    ].join('\n');
    expect(stepsIn(page)).toEqual([
      { kind: 'sh', text: 'aws sts get-caller-identity' },
      { kind: 'sh', text: 'git push origin   HEAD:main' },
      { kind: 'click', text: 'agree to it, and merge it.' },
      { kind: 'diff', text: '-serial: 1\n+serial: 2\n' },
    ]);
  });

  it('is refused where it has a block that nobody reads, and told of commands in its text', () => {
    expect(() => stepsIn('```bash\nrm -rf .\n```')).toThrow('nobody here reads a block of "bash"');
    expect(commandsInText('Run `aws sts get-caller-identity`, as `aws` says.')).toEqual([
      'aws sts get-caller-identity',
    ]);
  });

  it('edits a file where its lines are, once', () => {
    const file = 'id: a\nserial: 1\nprod:\n  region: r\nstaging:\n  region: r\n';
    const diff = '-serial: 1\n+serial: 2\n prod:\n   region: r\n+  adopt: true\n';
    expect(edited(file, diff)).toBe(
      'id: a\nserial: 2\nprod:\n  region: r\n  adopt: true\nstaging:\n  region: r\n',
    );
    expect(() => edited(file, '   region: r\n+  adopt: true\n')).toThrow('2 times');
    expect(() => edited(file, '-serial: 7\n+serial: 8\n')).toThrow('0 times');
  });
});
