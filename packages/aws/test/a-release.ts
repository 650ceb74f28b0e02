import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { actAsReleasedIn } from '@tenant-delivery/action-kit/release-file';

const restore: (() => void)[] = [];
afterAll(() => {
  for (const before of restore.splice(0).reverse()) before();
});

/** Lets this suite act as released with a trust file; answers where it lies. */
export function released(trust: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'released-'));
  mkdirSync(join(folder, 'trust'));
  const file = join(folder, 'trust/provider.json');
  writeFileSync(file, JSON.stringify(trust));
  restore.push(actAsReleasedIn(folder));
  return file;
}
