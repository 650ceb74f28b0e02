import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { redaction } from '../src/redaction.ts';
import { formsOf, Secret } from '../src/secret.ts';

const VALUE = 'wJalr+XUtn"FEMI/K7MDENG bPxRfiCYEXAMPLEKEY';

test('a secret shows itself in no rendering', () => {
  const secret = Secret.born(VALUE, '0123456789ab', { mask: () => {} });
  const error = new Error(`it failed for ${secret}`, { cause: { secret } });
  const renderings = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect(secret, { showHidden: true, depth: 9 }),
    inspect({ nested: [secret] }, { depth: 9, customInspect: false, showHidden: true }),
    inspect(error, { depth: 9 }),
    Object.entries(secret).join(),
    structuredCloneOf(secret),
  ];
  for (const rendering of renderings) expect(rendering).not.toContain('wJalr');
  expect(String(secret)).toBe('[redacted:0123456789ab]');
  expect(secret.reveal()).toBe(VALUE);
});

test('a secret is masked at birth in every form in which it could be printed', () => {
  const masked: string[] = [];
  Secret.born(VALUE, '0123456789ab', { mask: (text) => masked.push(text) });
  const bytes = Buffer.from(VALUE);
  const printed = [
    VALUE,
    JSON.stringify({ v: VALUE }),
    encodeURIComponent(VALUE),
    new URLSearchParams({ v: VALUE }).toString(),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...['', 'a', 'ab', 'abc'].flatMap((before) =>
      ['', 'z', 'zz'].flatMap((after) =>
        (['base64', 'base64url'] as const).map((encoding) =>
          Buffer.from(`${before}${VALUE}${after}`).toString(encoding),
        ),
      ),
    ),
  ];
  const bare = printed.filter((text) => !masked.some((form) => text.includes(form)));
  expect(bare).toEqual([]);
});

test('what others say is cleaned of every form of a secret', () => {
  const { mask, clean } = redaction({ mask: () => {} });
  Secret.born(VALUE, '0123456789ab', { mask });
  const said = formsOf(VALUE).map((form) => `before ${form} after`);
  for (const text of said) expect(clean(text)).toBe('before [redacted] after');
});

function structuredCloneOf(secret: Secret): string {
  try {
    return inspect(structuredClone({ secret }), { depth: 9 });
  } catch {
    return 'cannot be cloned';
  }
}
