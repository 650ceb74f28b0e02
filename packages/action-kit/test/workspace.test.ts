import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workspaceAt } from '../src/workspace.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'workspace-'));
  mkdirSync(join(folder, 'checkout/inner'), { recursive: true });
  writeFileSync(join(folder, 'secret'), 'secret');
  writeFileSync(join(folder, 'checkout-of-another'), 'secret');
  writeFileSync(join(folder, 'checkout/service.yaml'), 'schemaVersion: 1');
  writeFileSync(join(folder, 'checkout/large.yaml'), 'x'.repeat(65 * 1024));
  symlinkSync('../service.yaml', join(folder, 'checkout/inner/inside.yaml'));
  symlinkSync('../secret', join(folder, 'checkout/outside.yaml'));
  symlinkSync('..', join(folder, 'checkout/up'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the workspace', () => {
  it('reads a file, also through a link that stays inside', async () => {
    const workspace = workspaceAt(join(folder, 'checkout'));
    expect(await workspace.read('service.yaml')).toEqual({ kind: 'text', text: 'schemaVersion: 1' });
    expect(await workspace.read('inner/inside.yaml')).toMatchObject({ kind: 'text' });
  });

  it.each([
    ['../secret', 'leads out of the workspace'],
    ['../checkout-of-another', 'leads out of the workspace'],
    ['outside.yaml', 'leads out of the workspace'],
    ['up/secret', 'leads out of the workspace'],
    ['inner', 'is not a file'],
    ['large.yaml', 'is larger than 65536 bytes'],
    ['nowhere.yaml', 'does not exist'],
  ])('does not read %s, which %s', async (path, why) => {
    expect(await workspaceAt(join(folder, 'checkout')).read(path)).toEqual({ kind: 'none', why });
  });
});
