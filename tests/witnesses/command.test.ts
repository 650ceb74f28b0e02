import { tmpdir } from 'node:os';
import { expect, test } from '@jest/globals';
import { command } from './command.ts';

test('a program that ends before it reads what it is given has not failed', async () => {
  const quick = command('/bin/true', tmpdir());
  await expect(quick([])).resolves.toBe('');
  await expect(quick([], { input: 'x'.repeat(1_000_000) })).resolves.toBe('');
});

test('what a program says is heard, and how it ended', async () => {
  const shell = command('/bin/sh', tmpdir());
  await expect(
    shell(['-c', 'cat; echo "$GIVEN"'], { input: 'read ', env: { GIVEN: 'heard' } }),
  ).resolves.toBe('read heard\n');
  await expect(shell(['-c', 'echo no >&2; exit 3'])).rejects.toThrow('exit code 3\nno\n');
  await expect(shell.refused(['-c', 'echo no >&2; exit 3'])).resolves.toBe('no\n');
  await expect(shell.refused(['-c', 'exit 0'])).rejects.toThrow('not refused');
});
