import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Copy, copyOf } from '@tenant-delivery/testkit/copy-of-this-repository';
import { expectConsumable, expectReferencesInto } from './released-tree.ts';

let copy: Copy;
beforeAll(() => {
  copy = copyOf('initech/tenant-delivery');
}, 240_000);
afterAll(() => copy.remove());

const release = (verb: string) => copy.node('packages/release/src/release.ts', verb);
const read = (file: string) => readFileSync(join(copy.folder, file), 'utf8');
const versionNow = () => `v${JSON.parse(read('packages/release/package.json')).version}`;
const lines = (text: string) => text.split('\n').filter((line) => line !== '');
const RELEASE = '@tenant-delivery/release';

/** Takes in the changesets and makes the released commit of them. */
function releaseNext(): string {
  expect(release('version')).toMatchObject({ exit: 0 });
  copy.git('add', '--all');
  copy.git('commit', '--quiet', '--message', 'Version');
  const made = release('tag');
  expect([made.exit, made.printed]).toEqual([0, expect.stringContaining('Nothing is pushed.')]);
  return versionNow();
}

describe('two releases in a row', () => {
  it('are made one after the other, and every reference that is copied leads into the one that it names', () => {
    for (const bump of ['minor', 'patch']) {
      writeFileSync(
        join(copy.folder, '.changeset/one-more.md'),
        `---\n"${RELEASE}": ${bump}\n---\n\nOne more.\n`,
      );
      copy.git('add', '--all');
      copy.git('commit', '--quiet', '--message', 'Change something');
      const tag = releaseNext();
      expectReferencesInto(copy.git, tag);
    }
    expect(lines(copy.git('tag', '--list')).sort()).toEqual(['v0', 'v0.2.0', 'v0.2.1']);
  }, 240_000);

  it('stay both reachable from the branch of their major version, and lead to the commit of main that was built', () => {
    expect(lines(copy.git('log', '--first-parent', '--format=%s', 'releases/v0')).slice(0, 2)).toEqual([
      'Release v0.2.1',
      'Release v0.2.0',
    ]);
    expect(copy.git('rev-parse', 'v0.2.1^1', 'v0.2.1^2')).toBe(copy.git('rev-parse', 'v0.2.0', 'main'));
    expect(copy.git('rev-parse', 'v0')).toBe(copy.git('rev-parse', 'v0.2.1'));
  });

  it('hold what a consumer needs, and no source, test or local server', () => {
    expectConsumable(copy.git, 'v0.2.1');
  });

  it('are not made again: each thing in the way is named, and nothing is done', () => {
    writeFileSync(join(copy.folder, 'trust/provider.json'), '{ "schemaVersion": 1, "keys": [] }\n');
    writeFileSync(join(copy.folder, 'CODEOWNERS'), `* @${'OWNER'}/delivery\n`);
    writeFileSync(join(copy.folder, '.changeset/late.md'), `---\n"${RELEASE}": patch\n---\n\nLate.\n`);
    const before = copy.git('for-each-ref');
    const tag = release('tag');
    expect([tag.exit, lines(tag.printed)]).toEqual([
      1,
      [
        expect.stringContaining('the placeholder OWNER is still in CODEOWNERS: npx tenant-delivery init'),
        expect.stringContaining('trust/provider.json has no key ("keys": [])'),
        expect.stringContaining('.changeset/late.md is in no version yet: npm run release -- version'),
        expect.stringContaining('changes that are not committed'),
        expect.stringContaining('v0.2.1 is released already'),
      ],
    ]);
    const version = release('version');
    expect([version.exit, lines(version.printed)]).toEqual([
      1,
      [expect.stringContaining('OWNER'), expect.stringContaining('"keys": []')],
    ]);
    expect(copy.git('for-each-ref')).toBe(before);
    expect(versionNow()).toBe('v0.2.1');
    copy.git('checkout', '--quiet', '.');
    copy.git('clean', '--quiet', '--force', '.changeset');
    expect(release('version')).toMatchObject({
      exit: 1,
      printed: expect.stringContaining('there is no changeset'),
    });
  });

  it('are never made of a trust file that is local, whose actions would follow endpoints of a runner', () => {
    const trust = JSON.parse(read('trust/provider.json'));
    writeFileSync(join(copy.folder, 'trust/provider.json'), JSON.stringify({ ...trust, local: true }));
    for (const verb of ['version', 'tag'])
      expect(release(verb)).toMatchObject({
        exit: 1,
        printed: expect.stringContaining('trust/provider.json says "local": true'),
      });
    copy.git('checkout', '--quiet', '.');
  });
});
