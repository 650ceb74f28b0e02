import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { DER } from '@noble/curves/abstract/der.js';
import { p256 } from '@noble/curves/nist.js';
import { canonicalJson, DUTIES, dutiesFor } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import * as fc from 'fast-check';
import { EVENT_PAYLOAD_TYPE } from '../src/change-event.ts';
import { openEnvelope, pae, parseJson, seal } from '../src/dsse.ts';
import { ecdsaP256 } from '../src/ecdsa-p256.ts';
import { renderReport } from '../src/render-report.ts';
import type { TrustFile } from '../src/trust.ts';
import { verifyEvidence } from '../src/verify.ts';
import { KEYS, newKey, recordLines, TRUST, WAYS } from './record-of.ts';

const recorded = new Map<string, readonly string[]>();
for (const [name, way] of Object.entries(WAYS)) recorded.set(name, await recordLines(way));

/** The payload in another spelling that decodes to the same bytes: its spare bits set, or padding that it needs not. */
function respelt(line: string): string {
  const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return line.replace(/([A-Za-z0-9+/])(=*)","payloadType"/, (_, last: string, pad: string) => {
    const letter = pad === '' ? `${last}=` : LETTERS[LETTERS.indexOf(last) + 1];
    return `${letter}${pad}","payloadType"`;
  });
}

/** The line with its signature replaced by what an edit makes of it. */
function resigned(edit: (signature: Buffer) => Buffer): (line: string) => string {
  return (line) => {
    const envelope = Object(parseJson(line));
    const [{ keyid, sig }] = envelope.signatures;
    const edited = edit(Buffer.from(sig, 'base64')).toString('base64');
    return canonicalJson({ ...envelope, signatures: [{ keyid, sig: edited }] });
  };
}

/** (r, n − s): verifies wherever (r, s) does. */
function twinOf(signature: Buffer): Buffer {
  const { r, s } = DER.toSig(signature);
  return Buffer.from(DER.hexFromSig({ r, s: p256.Point.Fn.ORDER - s }), 'hex');
}

/** The same in BER: the length of the whole in two bytes where one is enough. */
function inLongForm(signature: Buffer): Buffer {
  return Buffer.concat([signature.subarray(0, 1), Buffer.of(0x81), signature.subarray(1)]);
}

function reversed(value: object): object {
  return Object.fromEntries(Object.entries(value).reverse());
}

const chain = fc.constantFrom(...recorded.values());
const holds = (lines: readonly string[], trust: TrustFile = TRUST) =>
  verifyEvidence(lines.map((line) => `${line}\n`).join(''), trust).holds;

test('signs what DSSE says is signed', () => {
  const signed = pae('http://example.com/HelloWorld', Buffer.from('hello world'));
  expect(Buffer.from(signed).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
});

test('brings every signature to its lower twin, because KMS gives either', async () => {
  const { signer, trusted } = KEYS.gate;
  const payload = Buffer.from('{}');
  const given = new Set<boolean>();
  for (let n = 0; n < 40; n += 1) {
    const noted: typeof signer = {
      ...signer,
      sign: async (bytes) => {
        const signature = await signer.sign(bytes);
        given.add(ecdsaP256.isCanonical(signature));
        return signature;
      },
    };
    const [sealed] = openEnvelope(await seal(noted, 'text/plain', payload))?.signatures ?? [];
    const signature = Buffer.from(sealed?.signature ?? '');
    const isGood = (one: Buffer) =>
      verifySignature('sha256', pae('text/plain', payload), createPublicKey(trusted.publicKey), one);
    expect([ecdsaP256.isCanonical(signature), isGood(signature)]).toEqual([true, true]);
    expect([ecdsaP256.isCanonical(twinOf(signature)), isGood(twinOf(signature))]).toEqual([false, true]);
  }
  expect(given).toEqual(new Set([true, false]));
});

describe('evidence that nobody touched', () => {
  test.each([...recorded])('holds: %s', (_, lines) => {
    expect(holds(lines)).toBe(true);
  });

  test('holds for several changes in one file, and with a second signature by somebody else', () => {
    const [first = '', ...rest] = recorded.get('delivery') ?? [];
    const envelope = Object(parseJson(first));
    const cosigned = canonicalJson({
      ...envelope,
      signatures: [{ keyid: 'a'.repeat(64), sig: 'AAAA' }, ...envelope.signatures],
    });
    const denied = recorded.get('denied') ?? [];
    expect(holds(denied)).toBe(true);
    // the next event names the bytes as stored, so a cosigned last event is the only one that still fits
    expect(holds([cosigned, ...rest])).toBe(false);
    const last = rest.pop() ?? '';
    const end = Object(parseJson(last));
    const witness = canonicalJson({
      ...end,
      signatures: [...end.signatures, { keyid: 'a'.repeat(64), sig: 'AAAA' }],
    });
    expect(holds([first, ...rest, witness])).toBe(true);
  });
});

describe('evidence that somebody touched does not hold', () => {
  test('a character changed anywhere', async () => {
    await fc.assert(
      fc.property(
        chain,
        fc.nat(),
        fc.nat(),
        fc.string({ minLength: 1, maxLength: 1 }),
        (lines, at, where, char) => {
          const line = lines[at % lines.length] ?? '';
          const index = where % line.length;
          fc.pre(line[index] !== char);
          const edited = `${line.slice(0, index)}${char}${line.slice(index + 1)}`;
          expect(holds(lines.with(at % lines.length, edited))).toBe(false);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('an event dropped anywhere, the last ones of a closed change included', async () => {
    await fc.assert(
      fc.property(chain, fc.nat(), fc.integer({ min: 1, max: 3 }), (lines, at, count) => {
        const from = at % lines.length;
        expect(holds(lines.toSpliced(from, count))).toBe(false);
      }),
    );
  });

  test('two events swapped, or one repeated', async () => {
    await fc.assert(
      fc.property(chain, fc.nat(), fc.nat(), (lines, a, b) => {
        const [i, j] = [a % lines.length, b % lines.length];
        const [one = '', other = ''] = [lines[i], lines[j]];
        if (i !== j) expect(holds(lines.with(i, other).with(j, one))).toBe(false);
        expect(holds(lines.toSpliced(i, 0, other))).toBe(false);
      }),
    );
  });

  test('an event signed again by a key that is not trusted, or by one of another duty', async () => {
    const foreign = newKey('deploy');
    for (const lines of recorded.values()) {
      for (const [i, line] of lines.entries()) {
        const payload = openEnvelope(line)?.payload ?? Buffer.from('');
        const { change, transition } = Object(parseJson(payload)).predicate;
        const able = dutiesFor(change.kind, transition.to);
        const wrong = DUTIES.filter((duty) => !able.includes(duty)).map((duty) => KEYS[duty].signer);
        for (const signer of [foreign.signer, ...wrong]) {
          const forged = Buffer.from(await seal(signer, EVENT_PAYLOAD_TYPE, payload)).toString();
          expect(holds(lines.with(i, forged))).toBe(false);
        }
      }
    }
  });

  test('the whole record signed again by keys that the trust file binds elsewhere or elsewhen', () => {
    const lines = recorded.get('delivery') ?? [];
    const bound = (more: object): TrustFile => ({
      ...TRUST,
      keys: TRUST.keys.map((key) => ({ ...key, ...more })),
    });
    expect(holds(lines, bound({ tenant: 'acme', environment: 'prod' }))).toBe(true);
    expect(holds(lines, bound({ tenant: 'globex' }))).toBe(false);
    expect(holds(lines, bound({ environment: 'test' }))).toBe(false);
    expect(holds(lines, bound({ from: '2026-11-24T09:03:00Z' }))).toBe(false);
    expect(holds(lines, bound({ until: '2026-11-24T09:03:00Z' }))).toBe(false);
  });

  test('a document that an event names, missing or altered', () => {
    const lines = recorded.get('denied') ?? [];
    const texts = ['proposed', 'built', 'denied'];
    const documents = new Map<string, string>(texts.map((text) => [digestOf(text), text]));
    const verify = () =>
      verifyEvidence(lines.join('\n'), TRUST, {
        documents: (digest) => {
          const text = documents.get(digest);
          return text === undefined ? undefined : Buffer.from(text);
        },
      }).holds;
    expect(verify()).toBe(true);
    documents.set(digestOf('built'), 'rebuilt');
    expect(verify()).toBe(false);
    documents.delete(digestOf('built'));
    expect(verify()).toBe(false);
  });

  test.each([
    ['a blank', (line: string) => `${line} `],
    ['a byte order mark', (line: string) => `\uFEFF${line}`],
    ['a carriage return', (line: string) => `${line}\r`],
    ['a member that means nothing', (line: string) => line.replace('{', '{"a":1,')],
    ['its members in another order', (line: string) => JSON.stringify(reversed(Object(parseJson(line))))],
    ['another spelling of the same base64', respelt],
    ['the high-S twin of its signature', resigned(twinOf)],
    ['a byte behind its signature', resigned((der) => Buffer.concat([der, Buffer.of(0)]))],
    ['a longer length of its signature than DER has', resigned(inLongForm)],
  ])('the last event with %s, although its signature still fits', (_, edit) => {
    const lines = recorded.get('delivery') ?? [];
    const last = lines.at(-1) ?? '';
    const edited = edit(last);
    expect(edited).not.toBe(last);
    expect(holds(lines.with(-1, edited))).toBe(false);
  });

  test('a closing event that names another head, or none', async () => {
    const lines = recorded.get('delivery') ?? [];
    const statement = Object(parseJson(openEnvelope(lines.at(-1) ?? '')?.payload ?? ''));
    const { head, ...predicate } = statement.predicate;
    for (const wrong of [undefined, { ...head, events: 3 }, { ...head, sha256: '0'.repeat(64) }]) {
      const payload = Buffer.from(canonicalJson({ ...statement, predicate: { ...predicate, head: wrong } }));
      const signed = Buffer.from(await seal(KEYS.deploy.signer, EVENT_PAYLOAD_TYPE, payload)).toString();
      expect(holds(lines.with(-1, signed))).toBe(false);
    }
  });

  test('a byte that is no text, anywhere in a file that is given as bytes', () => {
    const file = Buffer.from((recorded.get('delivery') ?? []).map((line) => `${line}\n`).join(''));
    expect(verifyEvidence(file, TRUST).holds).toBe(true);
    for (const at of [0, 1, file.length - 2]) {
      const edited = Buffer.concat([file.subarray(0, at), Buffer.of(0xff), file.subarray(at)]);
      expect(verifyEvidence(edited, TRUST).holds).toBe(false);
    }
  });

  test('an empty file', () => {
    expect(holds([])).toBe(false);
    expect(verifyEvidence('', TRUST).holds).toBe(false);
  });
});

test('says by line what does not hold, and why', () => {
  const lines = recorded.get('delivery') ?? [];
  const report = renderReport(verifyEvidence(lines.toSpliced(4, 1).join('\n'), TRUST));
  expect(report).toContain('line   5  BROKEN  5 deploying');
  expect(report).toContain('has the number 5 where 4 belongs');
  expect(report).toContain('goes to deploying, which cannot follow planned in a change of kind deploy');
  expect(report).toContain('deploys a plan that was not approved');
  expect(report).toContain('This evidence does NOT hold');
});
