import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Runs the suite of the fixture on a machine that has the given program in place of skopeo, or none. */
function run(skopeo: string | undefined, required = '') {
  const folder = mkdtempSync(join(tmpdir(), 'td-path-'));
  folders.push(folder);
  if (skopeo !== undefined) {
    writeFileSync(join(folder, 'skopeo'), `#!/bin/sh\n${skopeo}\n`);
    chmodSync(join(folder, 'skopeo'), 0o755);
  }
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const preset = join(import.meta.dirname, '../../../jest.preset.mjs');
  const options = ['--config', preset, '--rootDir', join(import.meta.dirname, 'fixtures'), '--runInBand'];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [jest, ...options, '--testMatch', '**/needs-skopeo.ts'],
    { env: { PATH: folder, REQUIRE: required }, encoding: 'utf8' },
  );
  return { status, said: `${stdout}${stderr}` };
}

test('a suite whose program starts is run, whatever REQUIRE says', () => {
  const { status, said } = run('exit 0', 'cosign');
  expect(status).toBe(0);
  expect(said).toContain('2 passed, 2 total');
}, 30_000);

test('a suite whose program is absent is left out and says so in one line, and the rest is run', () => {
  const { status, said } = run(undefined, 'cosign,oras');
  expect(status).toBe(0);
  expect(said).toMatch(/^left out: skopeo is not installed \("a copy of an image"\)$/m);
  expect(said).toContain('1 skipped, 1 passed, 2 total');
}, 30_000);

test('a suite fails when its program does not start though REQUIRE names it', () => {
  const { status, said } = run('exit 3', 'cosign,skopeo');
  expect(status).toBe(1);
  expect(said).toContain('skopeo does not start here (exit code 3)');
  expect(said).toContain('1 failed, 1 passed, 2 total');
}, 30_000);
