import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { localRelease } from '@tenant-delivery/local-platform/local-release';
import { measureRow } from '../growth-row.ts';

/** Each client is one file of `dist/`, and what all of them need is loaded with the first. */
await measureRow({
  work: 'load clients of AWS, as an action does when it starts',
  n: 1,
  atMost: { processor: 3 },
  setUp: async (clients) => {
    const chunks = join(localRelease(), 'dist/chunks');
    const files = readdirSync(chunks).filter((file) => /-sdk-[\w-]+\.mjs$/.test(file));
    if (files.length < clients) throw new Error(`dist/ has ${files.length} clients`);
    return {
      run: async () => {
        for (const file of files.slice(0, clients)) await import(pathToFileURL(join(chunks, file)).href);
        return {};
      },
    };
  },
});
