import { describeMistake } from '@tenant-delivery/action-kit/document';
import { parseJson } from '@tenant-delivery/evidence/dsse';
import { parseTrust } from '@tenant-delivery/evidence/trust';
import { placesOfPlaceholder } from './placeholder.ts';
import { changesets, git, read, root, versionHere } from './this-repository.ts';

/** What has to be set up in a copy of this repository before it can have a version: all that is missing. */
export function notSetUp(): readonly string[] {
  return [...ownerMissing(), ...keysMissing()];
}

/** What stands in the way of taking in the changesets. */
export function againstVersion(): readonly string[] {
  const none = 'there is no changeset, so there is nothing to release: npx changeset writes one';
  return [...notSetUp(), ...(changesets().length === 0 ? [none] : [])];
}

/** What stands in the way of a released commit of this work tree. */
export function againstRelease(): readonly string[] {
  const waiting = changesets();
  const version = versionHere();
  return [
    ...notSetUp(),
    ...(waiting.length > 0
      ? [
          `${list(waiting)} ${waiting.length === 1 ? 'is' : 'are'} in no version yet: npm run release -- version`,
        ]
      : []),
    ...(git(['status', '--porcelain']) ? ['the work tree has changes that are not committed'] : []),
    ...(git(['tag', '--list', `v${version}`])
      ? [`v${version} is released already: a next release needs a changeset (npx changeset)`]
      : []),
  ];
}

function ownerMissing(): readonly string[] {
  const places = placesOfPlaceholder(root);
  if (places.length === 0) return [];
  return [
    `the placeholder OWNER is still in ${list(places)}: npx tenant-delivery init --owner OWNER/REPO puts yours there`,
  ];
}

function keysMissing(): readonly string[] {
  const file = 'trust/provider.json';
  const parsed = parseTrust(parseJson(read(file)));
  if ('mistakes' in parsed) return parsed.mistakes.map((mistake) => `${file}: ${describeMistake(mistake)}`);
  const { keys, local } = parsed.trust;
  if (local)
    return [`${file} says "local": true, so its actions would follow endpoints of one machine: take it out`];
  if (keys.length === 0)
    return [
      `${file} has no key ("keys": []), so its actions would trust nobody: docs/releasing.md says which to add`,
    ];
  if (keys.some(({ duty }) => duty === 'contract')) return [];
  return [`${file} has no key with the duty contract, so no contract would be valid`];
}

function list(files: readonly string[]): string {
  const named = files.slice(0, 3).join(', ');
  return files.length > 3 ? `${named} and ${files.length - 3} more` : named;
}
