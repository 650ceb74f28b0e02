import { createHash } from 'node:crypto';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { buildActions } from '../src/build.ts';

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

/** Every file of `dist/` that this one imports before it runs, and what those import. */
function needsOf(file: string, found: Set<string> = new Set()): Set<string> {
  const text = readFileSync(join(folder, 'first', file), 'utf8');
  for (const [, path = ''] of text.matchAll(/^(?:import|export) .*?"(\.[^"]+\.mjs)";$/gm)) {
    const needed = join(dirname(file), path);
    if (found.has(needed)) continue;
    found.add(needed);
    needsOf(needed, found);
  }
  return found;
}

describe('the build', () => {
  it('gives the same bytes twice, wherever it is written', async () => {
    const first = await build('first');
    expect(Object.keys(first).length).toBeGreaterThan(10);
    expect(await build('second')).toEqual(first);
  });

  it('carries no path of this machine', () => {
    const root = join(import.meta.dirname, '../../..');
    for (const file of globSync('**/*.{mjs,cjs}', { cwd: join(folder, 'first') })) {
      const text = readFileSync(join(folder, 'first', file), 'utf8');
      expect([file, text.includes(root)]).toEqual([file, false]);
    }
  });

  it('carries the client of GitHub whole', () => {
    const notices = readFileSync(join(folder, 'first/THIRD_PARTY_NOTICES.txt'), 'utf8');
    for (const whole of [
      '@actions/github',
      '@octokit/plugin-paginate-rest',
      '@octokit/plugin-rest-endpoint-methods',
      'json-with-bigint',
      'undici',
    ])
      expect(notices).toMatch(new RegExp(`^${whole} \\d`, 'm'));
  });

  it('carries the client of every service that is asked, each in a file of its own', () => {
    const { dependencies }: { readonly dependencies: Readonly<Record<string, string>> } = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../aws/package.json'), 'utf8'),
    );
    const clients = Object.keys(dependencies).filter((name) => name.startsWith('@aws-sdk/client-'));
    const notices = readFileSync(join(folder, 'first/THIRD_PARTY_NOTICES.txt'), 'utf8');
    for (const client of clients) expect(notices).toMatch(new RegExp(`^${client} \\d`, 'm'));
    expect(globSync('chunks/*-sdk-*.mjs', { cwd: join(folder, 'first') })).toHaveLength(clients.length);
  });

  it('has no file that needs itself, however far away: it would run before what it needs', () => {
    const files = globSync('**/*.mjs', { cwd: join(folder, 'first') });
    expect(files.filter((file) => needsOf(file).has(file))).toEqual([]);
  });

  it('has no file that waits for an action, which may wait for that file', () => {
    const actions = new Set(globSync('*.mjs', { cwd: join(folder, 'first') }));
    const chunks = globSync('chunks/*.mjs', { cwd: join(folder, 'first') });
    expect(chunks.filter((chunk) => [...needsOf(chunk)].some((file) => actions.has(file)))).toEqual([]);
  });

  it.each(['approve-change', 'deploy-ecs-service', 'rotate-access'])(
    'reads the inputs of %s from a handful of files',
    (action) => expect(needsOf(`${action}.mjs`).size).toBeLessThanOrEqual(4),
  );
});
