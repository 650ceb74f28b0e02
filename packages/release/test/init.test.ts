import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Copy, copyThisRepository } from '@tenant-delivery/testkit/copy-of-this-repository';
import { ownedBy } from '../src/placeholder.ts';

let copy: Copy;
beforeAll(() => {
  copy = copyThisRepository();
}, 240_000);
afterAll(() => copy.remove());

const init = (...words: readonly string[]) =>
  copy.node('packages/cli/bin/tenant-delivery.mjs', 'init', ...words);
const read = (file: string) => readFileSync(join(copy.folder, file), 'utf8');
const changed = () => copy.git('status', '--porcelain');
/** Written so that `init` itself leaves it alone. */
const PLACEHOLDER = ['OWNER', 'tenant-delivery'].join('/');

it('is wanted before the first release: until then a push proposes and releases nothing, and says why', async () => {
  const nowhere = { GITHUB_TOKEN: 'none', GITHUB_API_URL: 'http://127.0.0.1:9' };
  const { exit, printed } = await copy.start(['packages/release/src/release.ts', 'next'], nowhere);
  expect([exit, printed.split('\n')]).toEqual([
    0,
    [
      expect.stringMatching(/^::notice::No release yet: the placeholder OWNER is still in .* init --owner/),
      expect.stringMatching(/^::notice::No release yet: trust\/provider.json has no key/),
      'next: nothing',
      '',
    ],
  ]);
});

describe('tenant-delivery init', () => {
  it.each([
    [['--owner', 'initech'], 'is no repository of GitHub'],
    [['--owner', 'initech-platform/tenant-delivery/more'], 'is no repository of GitHub'],
    [['--owner=-initech-platform/tenant-delivery'], 'is no repository of GitHub'],
    [['--owner', 'ini--tech/delivery'], 'is no repository of GitHub'],
    [['--owner', 'initech/..'], 'is no repository of GitHub'],
    [['--owner', `${'i'.repeat(40)}/delivery`], 'is no repository of GitHub'],
    [['--owner', '$&/delivery'], 'is no repository of GitHub'],
    [['--owner', PLACEHOLDER], 'is the placeholder'],
    [[], 'Say whose copy this is'],
  ])('refuses %j with one error, and changes nothing', (words, error) => {
    const { exit, printed } = init(...words);
    expect([exit, printed.split('\n')[0]]).toEqual([2, expect.stringContaining(error)]);
    expect(changed()).toBe('');
  });

  it('replaces nothing when one of the files cannot be written', () => {
    mkdirSync(join(copy.folder, 'packages/release/src/stamp.ts.new'));
    mkdirSync(join(copy.folder, 'templates/customer-repo/README.md.new'));
    const { exit, printed } = init('--owner', 'initech-platform/tenant-delivery');
    expect([exit, printed]).toEqual([1, expect.stringContaining('Nothing was changed')]);
    expect(changed()).toBe('');
    rmSync(join(copy.folder, 'templates/customer-repo/README.md.new'), { recursive: true });
    rmSync(join(copy.folder, 'packages/release/src/stamp.ts.new'), { recursive: true });
  });

  it('goes on with what an earlier run was killed in the middle of', () => {
    const provider = { owner: 'initech-platform', name: 'tenant-delivery' };
    for (const file of ['CODEOWNERS', 'README.md'])
      writeFileSync(join(copy.folder, file), ownedBy(read(file), provider));
    expect(init('--owner', 'initech-platform/tenant-delivery').exit).toBe(0);
    const left = ['grep', '-lE', `(^|[^A-Za-z])${PLACEHOLDER}|@${'OWNER'}/`];
    expect(() => copy.git(...left)).toThrow(); // git finds none
    expect(JSON.parse(read('package.json')).repository).toBe('github:initech-platform/tenant-delivery');
    expect(read('CODEOWNERS')).toContain('@initech-platform/security');
    expect(read('templates/customer-repo/.github/workflows/deliver.yml')).toContain(
      'uses: initech-platform/tenant-delivery/.github/workflows/deliver.yml@v',
    );
    expect(read('templates/operations-repo/tenants/acme.yaml')).toContain(
      'repository: initech-platform/tenant-operations',
    );
    const written = copy.git('diff', '--name-only').split('\n');
    const format = [
      'node_modules/@biomejs/biome/bin/biome',
      'format',
      '--no-errors-on-unmatched',
      ...written,
    ];
    expect(copy.node(...format)).toMatchObject({ exit: 0 }); // as npm run check asks
    // a placeholder for any repository is not ours
    expect(read('actions/rotate-access/action.yml')).toContain(`\`${'OWNER'}/NAME\``);
  });

  it('says what is left to do, and changes nothing a second time', () => {
    copy.git('commit', '--quiet', '--all', '--message', 'Belong to initech');
    const { exit, printed } = init('--owner', 'initech-platform/tenant-delivery');
    expect(exit).toBe(0);
    expect(printed).toContain('This copy is initech-platform/tenant-delivery already. Nothing was changed.');
    for (const left of ['"keys": []', 'environment "release"', 'ruleset for tags', 'immutable releases'])
      expect(printed).toContain(left);
    expect(changed()).toBe('');
  });

  it('does not rename a provider whom roles trust by that name', () => {
    expect(init('--owner', 'hooli/delivery')).toMatchObject({
      exit: 1,
      printed: expect.stringContaining('This copy is initech-platform/tenant-delivery, not hooli/delivery'),
    });
    expect(changed()).toBe('');
  });
});
