import { createHash } from 'node:crypto';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { buildActions } from '../src/build.ts';
import { writtenOut } from '../src/unused-shapes.ts';

const folder = mkdtempSync(join(tmpdir(), 'td-build-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function build(name: string): Promise<Readonly<Record<string, string>>> {
  const outdir = join(folder, name);
  await buildActions(outdir);
  const files = globSync('**/*', { cwd: outdir, withFileTypes: true }).filter((file) => file.isFile());
  return Object.fromEntries(
    files
      .map((file) => join(file.parentPath, file.name))
      .sort()
      .map((path) => [
        path.slice(outdir.length),
        createHash('sha256').update(readFileSync(path)).digest('hex'),
      ]),
  );
}

describe('the build', () => {
  it('gives the same bytes twice, wherever it is written', async () => {
    const first = await build('first');
    expect(Object.keys(first).length).toBeGreaterThan(10);
    expect(await build('second')).toEqual(first);
  });

  it('carries no path of this machine and no search for ambient credentials', () => {
    const root = join(import.meta.dirname, '../../..');
    for (const file of globSync('**/*.{mjs,cjs}', { cwd: join(folder, 'first') })) {
      const text = readFileSync(join(folder, 'first', file), 'utf8');
      expect([file, text.includes(root)]).toEqual([file, false]);
      expect([file, /AWS_CONTAINER_CREDENTIALS|credential_process/.test(text)]).toEqual([file, false]);
      // work without a contract reads what an earlier step has exported, in one place that nothing else loads
      const reads = text.includes('AWS_SECRET_ACCESS_KEY');
      expect([file, reads]).toEqual([file, file.startsWith('chunks/ambient-session-')]);
    }
  });

  it('leaves out the shapes of operations that nobody asks for', () => {
    const texts = globSync('**/*.mjs', { cwd: join(folder, 'first') }).map((file) =>
      readFileSync(join(folder, 'first', file), 'utf8'),
    );
    expect(texts.some((text) => text.includes('UpdateServiceRequest'))).toBe(true);
    expect(texts.filter((text) => /CreateBucketRequest|CreateClusterRequest/.test(text))).toEqual([]);
  });
});

it('writes out the keys and numbers of a shape, and no text', () => {
  const source =
    'const _h = "httpHeader";\nvar A$ = [3, "[_h]: 1 | 2", [128 | 9, { [_h]: _h, [other]: 64 | 0 }]];';
  expect(writtenOut(source)).toBe(
    'const _h = "httpHeader";\nvar A$ = [3, "[_h]: 1 | 2", [137, { "httpHeader": _h, [other]: 64 }]];',
  );
});
