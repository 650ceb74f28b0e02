import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import { instant } from '../src/instant.ts';

test.each(['2026-11-24T08:00:00Z', '2026-11-24T08:00:00.123Z', '2026-11-24T08:00:00+02:00'])(
  '%s is a time',
  (text) => expect(v.is(instant(), text)).toBe(true),
);

test.each(['2026-11-24T08:00:00+02', '2026-11-24T08:00:00', 'tomorrow', ''])(
  '%s, which no clock could be compared with, is not',
  (text) => expect(v.is(instant(), text)).toBe(false),
);
