import { expect, test } from '@jest/globals';
import type { ResolvedService } from '@tenant-delivery/tenancy/resolve';
import { notesOf } from '../../src/plan/notes.ts';

const of = (from: 'manifest' | 'contract'): Pick<ResolvedService, 'scaling'> => ({
  scaling: { min: { value: 2, from }, max: { value: 5, from } },
});

test('a plan says what the manifest asks for and a delivery leaves alone', () => {
  expect(notesOf(of('manifest'))).toEqual([
    expect.stringContaining('2 to 5 tasks: a delivery leaves counts and scaling as they are'),
  ]);
  expect(notesOf(of('contract'))).toEqual([]);
});
