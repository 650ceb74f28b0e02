import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { compareDebianVersions } from '../src/registry/debian-version.ts';

const sign = (a: string, b: string) => Math.sign(compareDebianVersions(a, b));

describe('Debian versions', () => {
  // Cases of dpkg's own test suite ("lib/dpkg/t/t-version.c") and of the policy manual.
  it.each([
    ['1.0', '1.0-0', 0],
    ['0:1.0', '1.0', 0],
    ['1:0.9', '2.0', 1],
    ['1.0~rc1', '1.0', -1],
    ['1.0~~', '1.0~', -1],
    ['1.0', '1.0+b1', -1],
    ['1.0a', '1.0+', -1],
    ['1.9', '1.10', -1],
    ['1.0-1', '1.0-1.1', -1],
    ['3.0.9-1', '3.0.11-1~deb12u2', -1],
    ['3.0.11-1~deb12u2', '3.0.11-1', -1],
    ['2.36-9+deb12u10', '2.36-9+deb12u6', 1],
    ['1:1.2.13.dfsg-1', '1.3', 1],
    ['9999999999999999999999', '9999999999999999999998', 1],
  ])('%s against %s', (a, b, expected) => {
    expect(sign(a, b)).toBe(expected);
    expect(sign(b, a)).toBe(expected === 0 ? 0 : -expected);
  });

  it('have one order', () => {
    const version = fc.stringMatching(/^[0-9][0-9a-z.+~]{0,4}(-[0-9a-z~]{1,3})?$/);
    void fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(sign(a, b)).toBe(-sign(b, a) || 0);
        if (sign(a, b) <= 0 && sign(b, c) <= 0) expect(sign(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
