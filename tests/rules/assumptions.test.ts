import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ASSUMPTIONS } from '@tenant-delivery/release/assumptions';
import { restingFiles } from '@tenant-delivery/release/assumptions-table';

const root = join(import.meta.dirname, '../..');
const resting = restingFiles(root);

it('each assumption is named once', () => {
  const ids = ASSUMPTIONS.map(({ id }) => id);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
});

it('each assumption is one that some file rests on', () => {
  const nowhere = ASSUMPTIONS.filter(({ id, alsoIn = [] }) => !resting.has(id) && alsoIn.length === 0);
  expect(nowhere.map(({ id }) => id)).toEqual([]);
  const gone = ASSUMPTIONS.flatMap(({ alsoIn = [] }) => alsoIn).filter(
    (file) => !existsSync(join(root, file)),
  );
  expect(gone).toEqual([]);
});

it('whatever a comment assumes is described', () => {
  const known = new Set(ASSUMPTIONS.map(({ id }) => id));
  expect([...resting.keys()].filter((id) => !known.has(id))).toEqual([]);
});
