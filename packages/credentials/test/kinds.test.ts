import { expect, test } from '@jest/globals';
import { ROLES } from '@tenant-delivery/domain';
import * as v from 'valibot';
import { Credential, KIND_NAMES, kindOf } from '../src/kinds.ts';

test.each(KIND_NAMES)('%s is the name that its terms have in a contract', (kind) => {
  const others = KIND_NAMES.filter((name) => name !== kind);
  const wrongKind = (name: string) =>
    v
      .safeParse(kindOf({ kind }).terms, { kind: name })
      .issues?.some((issue) => issue.path?.[0]?.key === 'kind');
  expect(wrongKind(kind)).toBe(false);
  expect(others.filter((name) => !wrongKind(name))).toEqual([]);
});

test.each(KIND_NAMES)('%s is rotated by a role of the house and can be reported', async (kind) => {
  const { role, changes, report } = kindOf({ kind });
  expect(ROLES).toContain(role);
  expect(role).toMatch(/^rotate/);
  expect(changes).toMatch(/^the /);
  expect(report.mostDays).toBeGreaterThanOrEqual(60);
  expect(typeof (await report.load()).look).toBe('function');
});

test('a contract can name every kind, and no other', () => {
  const read = v.safeParse(Credential, { kind: 'smtp-password', id: 'mail' });
  expect(read.success).toBe(false);
  for (const kind of KIND_NAMES) expect(read.issues?.[0]?.message).toContain(kind);
});
