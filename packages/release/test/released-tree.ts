import { expect } from '@jest/globals';

type Git = (...args: readonly string[]) => string;

const REFERENCE = /^initech\/tenant-delivery\/(.*)@(.*)$/;

const lines = (text: string) => text.split('\n').filter((line) => line !== '');

/** Every reference to a release that somebody copies from a version names that version, and a file in it. */
export function expectReferencesInto(git: Git, tag: string): void {
  const pattern = 'initech/tenant-delivery/[a-z./-]+@v[0-9.]+[0-9]';
  const found = lines(git('grep', '-hoE', pattern, tag, '--', 'templates', 'docs', 'actions', '*.md')).map(
    (line) => {
      const [, path = '', ref = ''] = REFERENCE.exec(line) ?? [];
      return { path, ref };
    },
  );
  expect(new Set(found.map(({ ref }) => ref))).toEqual(new Set([tag]));
  const released = new Set(lines(git('ls-tree', '-r', '--name-only', tag)));
  const missing = found.filter(({ path }) => !released.has(path) && !released.has(`${path}/action.yml`));
  expect(missing).toEqual([]);
  expect(git('show', `${tag}:templates/operations-repo/.github/workflows/contracts.yml`)).toContain(
    `repository: initech/tenant-delivery\n          ref: refs/tags/${tag} `,
  );
}

/** A released commit has what a consumer needs, and no source, test or local server. */
export function expectConsumable(git: Git, tag: string): void {
  const released = lines(git('ls-tree', '-r', '--name-only', tag));
  for (const needed of [
    '.github/workflows/deliver.yml',
    'LICENSE',
    'actions/open-change/action.yml',
    'dist/THIRD_PARTY_NOTICES.txt',
    'dist/open-change.mjs',
    'dist/tenant-delivery.mjs',
    'docs/failures/README.md',
    'templates/customer-repo/.github/workflows/deliver.yml',
    'trust/provider.json',
  ])
    expect(released).toContain(needed);
  expect(released.filter((file) => /\.ts$|^packages|^bench|^\.ci|^package/.test(file))).toEqual([
    'packages/release/CHANGELOG.md',
  ]);
  expect(released.filter((file) => file.startsWith('docs/decisions/'))).toEqual([]);
  // GitHub would start them for a push to a branch of releases
  expect(released).not.toContain('.github/workflows/ci.yml');
  expect(git('show', `${tag}:dist/README.txt`)).toContain(`tenant-delivery ${tag.slice(1)}`);
}
