import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

/** What the runner reads of an action that prints this. */
function printed(line: string, by: 'info' | 'warning' | 'debug' = 'info'): readonly string[] {
  const module = join(import.meta.dirname, '../src/github-runner.ts');
  const program = `
    const { githubRunner } = await import(${JSON.stringify(module)});
    githubRunner({}).${by}(${JSON.stringify(line)});`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: {},
  });
  expect(stderr).toBe('');
  return stdout.split(/\r\n|\r|\n/).filter((said) => said !== '');
}

test.each([
  ['a name that is a command', '::set-output name=decision::allow'],
  ['one that has white space before it', ' \u0085::add-mask::e'],
  ['a second line', 'linux/amd64: waiting\n::error::x'],
  ['a carriage return', 'linux/amd64\r::error::x'],
  ['the older form, anywhere', 'image linux/##[set-output name=decision;]allow is waited for'],
])("%s in a line of ours is text to GitHub's runner", (_, line) => {
  const lines = printed(line);
  const token = /^::stop-commands::([0-9a-f-]{36})$/.exec(lines[0] ?? '')?.[1];
  expect(token).toBeDefined();
  expect(lines.at(-1)).toBe(`::${token}::`);
  expect(lines.slice(1, -1).join('\n')).toBe(line.replace('\r', '\n').replace('\u0085', '‹U+0085›'));
});

test('a line that is no command is printed as it is', () => {
  expect(printed('chg_1 is built: std::vector, [x]')).toEqual(['chg_1 is built: std::vector, [x]']);
});

test('a warning that quotes others is one command, whatever they wrote', () => {
  expect(printed('openssl\r\n::error::owned %0A::set-output name=decision::allow', 'warning')).toEqual([
    '::warning::openssl%0D%0A::error::owned %250A::set-output name=decision::allow',
  ]);
});

test.each([
  ['info', ''],
  ['warning', '::warning::'],
  ['debug', '::debug::'],
] as const)('a character that nobody sees is told in what %s prints', (by, before) => {
  expect(printed('orders\u2060\u00ad\u{e0041} 👩‍🚀', by)).toEqual([
    `${before}orders‹U+2060›‹U+00AD›‹U+E0041› 👩‍🚀`,
  ]);
});

test('an annotation tells them too, and text that others wrote verbatim keeps its colours alone', () => {
  const module = join(import.meta.dirname, '../src/github-runner.ts');
  const program = `
    const { githubRunner } = await import(${JSON.stringify(module)});
    const runner = githubRunner({});
    runner.error('a\\u200bb', 'CODE');
    runner.verbatim(['\\u001b[31mred\\u001b[0m \\u001b[2K\\u3164']);`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: {},
  });
  expect(stdout).toContain('::error title=CODE::a‹U+200B›b');
  expect(stdout).toContain('\u001b[31mred\u001b[0m ‹U+001B›[2K‹U+3164›');
});
