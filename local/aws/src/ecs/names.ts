import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Names } from './happening.ts';

export const randomNames: Names = {
  digits: () => String(randomInt(1, 10)) + Array.from({ length: 18 }, () => randomInt(0, 10)).join(''),
  hex: (length) =>
    randomBytes(Math.ceil(length / 2))
      .toString('hex')
      .slice(0, length),
  short: () => randomBytes(16).toString('base64url').slice(0, 21),
  uuid: () => randomUUID(),
};
