import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** Names that no file declares and that undici asks for only after `typeof`. */
const ASKED_WITH_CARE = ['arguments', '__UNDICI_IS_NODE__', 'esbuildDetection'];
const CONFIGURATION = { javascript: { globals: ASKED_WITH_CARE }, files: { maxSize: 20_000_000 } };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'declared-'));
  writeFileSync(join(folder, 'biome.json'), JSON.stringify(CONFIGURATION));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What Biome says against a folder or file: names that are used and nowhere declared. */
async function undeclared(path: string): Promise<string> {
  const rule = '--only=correctness/noUndeclaredVariables';
  const asked = ['lint', rule, `--config-path=${folder}`, '--max-diagnostics=20', path];
  const end = await run(join(root, 'node_modules/.bin/biome'), asked).catch((thrown: unknown) => thrown);
  return String(Reflect.get(Object(end), 'stderr'));
}

// A bundler that renames an import and forgets one use makes code that fails only where it runs.
test('every name that dist/ uses is declared', async () => {
  expect(await undeclared(join(root, 'dist'))).not.toContain('undeclared');
});

test('a name that is not is found', async () => {
  writeFileSync(join(folder, 'forgotten.mjs'), 'readFileSync$1("a");\n');
  expect(await undeclared(join(folder, 'forgotten.mjs'))).toContain('readFileSync$1 variable is undeclared');
});
