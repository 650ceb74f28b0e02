import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Copy, copyOf } from '@tenant-delivery/testkit/copy-of-this-repository';

let copy: Copy;
beforeAll(() => {
  copy = copyOf('initech/delivery');
}, 120_000);
afterAll(() => copy.remove());

const commitAll = (message: string) => {
  copy.git('add', '--all');
  copy.git('commit', '--quiet', '--message', message);
};

it.each([
  ['minor', 'v0.2.0'],
  ['patch', 'v0.2.1'],
])(
  'after a %s release, %s, the demo delivers by it and all that it claims holds',
  (bump, tag) => {
    const changeset = `---\n"@tenant-delivery/release": ${bump}\n---\n\nOne more.\n`;
    writeFileSync(join(copy.folder, '.changeset/one-more.md'), changeset);
    commitAll('Change something');
    expect(copy.node('packages/release/src/release.ts', 'version')).toMatchObject({ exit: 0 });
    commitAll(`Version ${tag}`);
    expect(copy.node('packages/release/src/release.ts', 'tag')).toMatchObject({ exit: 0 });
    const demo = copy.node('packages/cli/bin/tenant-delivery.mjs', 'demo');
    expect([demo.exit, demo.printed]).toEqual([0, expect.stringContaining('is closed: proposed')]);
    expect(demo.printed).not.toContain('✗');
    expect(copy.git('show', `${tag}:templates/customer-repo/.github/workflows/deliver.yml`)).toContain(
      `uses: initech/delivery/.github/workflows/deliver.yml@${tag}`,
    );
  },
  240_000,
);
