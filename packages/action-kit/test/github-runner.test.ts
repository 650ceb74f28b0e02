import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

/** What the runner reads of an action that prints this. */
function printed(line: string, by: 'info' | 'warning' = 'info'): readonly string[] {
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
  expect(lines.slice(1, -1).join('\n')).toBe(line.replace('\r', '\n'));
});

test('a line that is no command is printed as it is', () => {
  expect(printed('chg_1 is built: std::vector, [x]')).toEqual(['chg_1 is built: std::vector, [x]']);
});

test('a warning that quotes others is one command, whatever they wrote', () => {
  expect(printed('openssl\r\n::error::owned %0A::set-output name=decision::allow', 'warning')).toEqual([
    '::warning::openssl%0D%0A::error::owned %250A::set-output name=decision::allow',
  ]);
});
