import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ownedBy } from '../src/placeholder.ts';
import { type Copy, copyThisRepository } from './copy-of-this-repository.ts';

let copy: Copy;
beforeAll(() => {
  copy = copyThisRepository();
}, 60_000);
afterAll(() => copy.remove());

const init = (...words: readonly string[]) =>
  copy.node('packages/cli/bin/tenant-delivery.mjs', 'init', ...words);
const read = (file: string) => readFileSync(join(copy.folder, file), 'utf8');
const changed = () => copy.git('status', '--porcelain');
/** Written so that `init` itself leaves it alone. */
const PLACEHOLDER = ['OWNER', 'tenant-delivery'].join('/');

describe('tenant-delivery init', () => {
  it.each([
    [['--owner', 'initech'], 'is no repository of GitHub'],
    [['--owner', 'initech/delivery/more'], 'is no repository of GitHub'],
    [['--owner=-initech/delivery'], 'is no repository of GitHub'],
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
    const { exit, printed } = init('--owner', 'initech/delivery');
    expect([exit, printed]).toEqual([1, expect.stringContaining('Nothing was changed')]);
    expect(changed()).toBe('');
    rmSync(join(copy.folder, 'templates/customer-repo/README.md.new'), { recursive: true });
    rmSync(join(copy.folder, 'packages/release/src/stamp.ts.new'), { recursive: true });
  });

  it('goes on with what an earlier run was killed in the middle of', () => {
    const provider = { owner: 'initech', name: 'delivery' };
    for (const file of ['CODEOWNERS', 'README.md'])
      writeFileSync(join(copy.folder, file), ownedBy(read(file), provider));
    expect(init('--owner', 'initech/delivery').exit).toBe(0);
    const left = ['grep', '-lE', `(^|[^A-Za-z])${PLACEHOLDER}|@${'OWNER'}/`];
    expect(() => copy.git(...left)).toThrow(); // git finds none
    expect(JSON.parse(read('package.json')).repository).toBe('github:initech/delivery');
    expect(read('CODEOWNERS')).toContain('@initech/security');
    expect(read('templates/customer-repo/.github/workflows/deliver.yml')).toContain(
      'uses: initech/delivery/.github/workflows/deliver.yml@v',
    );
    expect(read('templates/operations-repo/tenants/acme.yaml')).toContain(
      'repository: initech/tenant-operations',
    );
    // what stands for anybody's repository is not ours
    expect(read('actions/rotate-access/action.yml')).toContain(`\`${'OWNER'}/NAME\``);
  });

  it('says what is left to do, and changes nothing a second time', () => {
    copy.git('commit', '--quiet', '--all', '--message', 'Belong to initech');
    const { exit, printed } = init('--owner', 'initech/delivery');
    expect(exit).toBe(0);
    expect(printed).toContain('This copy is initech/delivery already. Nothing was changed.');
    for (const left of ['"keys": []', 'environment "release"', 'ruleset for tags', 'immutable releases'])
      expect(printed).toContain(left);
    expect(changed()).toBe('');
  });

  it('does not rename a provider whom roles trust by that name', () => {
    expect(init('--owner', 'hooli/delivery')).toMatchObject({
      exit: 1,
      printed: expect.stringContaining('This copy is initech/delivery, not hooli/delivery'),
    });
    expect(changed()).toBe('');
  });
});
