import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { removeLeftovers } from '../src/leftovers.ts';

it('a step that was killed leaves no login behind, and what others keep in the folder stays', () => {
  const temp = mkdtempSync(join(tmpdir(), 'td-leftovers-'));
  for (const name of ['td-docker-a', 'td-dockerfile-b', 'td-image-c', 'others']) {
    mkdirSync(join(temp, name));
    writeFileSync(join(temp, name, 'config.json'), '{}');
  }
  removeLeftovers(temp);
  expect(readdirSync(temp)).toEqual(['others']);
  rmSync(temp, { recursive: true });
});
