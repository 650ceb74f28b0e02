import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { refreshDocs } from '../src/docs.ts';

test('an input, an output or an action that nobody has described is named with its file, each of them', () => {
  const root = mkdtempSync(join(tmpdir(), 'td-docs-'));
  try {
    mkdirSync(join(root, 'actions/a'), { recursive: true });
    writeFileSync(
      join(root, 'actions/a/action.yml'),
      'name: a\ninputs:\n  tenant:\n  region: { description: "" }\n  service: { description: It. }\noutputs:\n  plan: { required: true }\n',
    );
    expect(refreshDocs(true, root)).toEqual([
      'actions/a/action.yml: the action has no description',
      'actions/a/action.yml: the input tenant has no description',
      'actions/a/action.yml: the input region has no description',
      'actions/a/action.yml: the output plan has no description',
    ]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
