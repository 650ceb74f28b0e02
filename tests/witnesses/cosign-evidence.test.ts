import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import {
  type InMemoryDelivery,
  inMemoryDelivery,
  ORDERS_IMAGE,
} from '@tenant-delivery/delivery/test/in-memory-delivery';
import { canonicalJson, type Digest } from '@tenant-delivery/domain';
import { SVR_TYPE, type SvrStatement, sealStatement } from '@tenant-delivery/evidence/attestation';
import {
  CHANGE_EVENT_TYPE,
  EVENT_PAYLOAD_TYPE,
  STATEMENT_TYPE,
} from '@tenant-delivery/evidence/change-event';
import { openEnvelope, seal } from '@tenant-delivery/evidence/dsse';
import { exportChange } from '@tenant-delivery/evidence/export';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { digestOf, getBytes } from '@tenant-delivery/vault/objects';
import { type Command, command } from './command.ts';

jest.setTimeout(60_000); // programs of others start slowly where much else runs

/** The manifest of the image that the change is about; cosign wants the very bytes that the subject names. */
const IMAGE = Buffer.from('{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json"}');

describeWith('cosign', 'cosign, with nothing but public keys', (program) => {
  let folder: string;
  let cosign: Command;
  let delivery: InMemoryDelivery;
  let lines: readonly string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'td-cosign-'));
    cosign = command(program, folder);
    delivery = await inMemoryDelivery();
    const change = await delivery.bring('verified', { image: { ...ORDERS_IMAGE, digest: digestOf(IMAGE) } });
    lines = (await exportChange(delivery.vault, delivery.target, change)).trimEnd().split('\n');
    writeFileSync(join(folder, 'other'), 'another image');
    writeFileSync(join(folder, 'image'), IMAGE);
    for (const { keyId, publicKey } of delivery.trust.keys) writeFileSync(join(folder, keyId), publicKey);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Arguments that verify one line of an evidence file against the key that it names. */
  function verification(line: string, blob: string, key = openEnvelope(line)?.signatures[0]?.keyId ?? '') {
    const name = `${digestOf(Buffer.from(line)).slice(7)}.dsse.json`;
    writeFileSync(join(folder, name), line);
    const options = [
      '--key',
      key,
      '--signature',
      name,
      '--type',
      CHANGE_EVENT_TYPE,
      '--insecure-ignore-tlog',
    ];
    return ['verify-blob-attestation', ...options, blob];
  }

  /** A file with the content that an event is about: the image, or before there is one, a document of the vault. */
  async function subjectOf(line: string): Promise<string> {
    const statement = statementOf(line);
    const digest: Digest = `sha256:${statement.subject[0].digest.sha256}`;
    if (digest === digestOf(IMAGE)) return 'image';
    const bytes = await getBytes(delivery.vault, digest);
    if (typeof bytes === 'string') throw new Error(`the vault has ${digest}: ${bytes}`);
    writeFileSync(join(folder, digest.slice(7)), bytes);
    return digest.slice(7);
  }

  const imageLine = () => lines.at(-1) ?? '';

  test('verifies every event of a change, each with its own key, over what the event is about', async () => {
    const states = lines.map((line) => statementOf(line).predicate.transition.to);
    expect(states).toEqual(['proposed', 'built', 'gated', 'planned', 'approved', 'deploying', 'verified']);
    expect(await subjectOf(imageLine())).toBe('image');
    for (const line of lines) await cosign(verification(line, await subjectOf(line)));
  });

  test('refuses an event in which a word was changed', async () => {
    const [first = ''] = lines;
    const { payload, ...rest } = JSON.parse(imageLine());
    const text = Buffer.from(payload, 'base64').toString().replace('"verified"', '"closed"');
    const altered = canonicalJson({ ...rest, payload: Buffer.from(text).toString('base64') });
    expect(await cosign.refused(verification(altered, 'image'))).toContain(
      'accepted signatures do not match',
    );
    const borrowed = canonicalJson({ ...JSON.parse(imageLine()), signatures: JSON.parse(first).signatures });
    expect(await cosign.refused(verification(borrowed, 'image'))).toContain(
      'accepted signatures do not match',
    );
  });

  test('refuses an event that is signed by the key of another duty, or is about another image', async () => {
    const { signers } = delivery;
    const otherKey = verification(imageLine(), 'image', signers.build.keyId);
    expect(await cosign.refused(otherKey)).toContain('accepted signatures do not match');
    expect(await cosign.refused(verification(imageLine(), 'other'))).toContain('no matching subject digest');
  });

  test('verifies that an image passed, as the predicate that in-toto has for it', async () => {
    const statement: SvrStatement = {
      _type: STATEMENT_TYPE,
      subject: [{ name: ORDERS_IMAGE.repositoryUri, digest: { sha256: digestOf(IMAGE).slice(7) } }],
      predicateType: SVR_TYPE,
      predicate: {
        verifier: { id: 'https://tenant-delivery.dev/gate/v1', policies: [] },
        timeCreated: '2026-11-24T09:00:00.000Z',
        properties: ['TENANT_DELIVERY_FINDINGS_WITHIN_POLICY'],
      },
    };
    const line = Buffer.from(await sealStatement(delivery.signers.gate, statement)).toString();
    const args = verification(line, 'image').map((arg) => (arg === CHANGE_EVENT_TYPE ? SVR_TYPE : arg));
    await cosign(args);
  });

  test('refuses a statement of another kind, though the same key signed it', async () => {
    const statement = { ...statementOf(imageLine()), predicateType: 'https://tenant-delivery.dev/other/v1' };
    const payload = Buffer.from(canonicalJson(statement));
    const line = Buffer.from(await seal(delivery.signers.deploy, EVENT_PAYLOAD_TYPE, payload)).toString();
    expect(await cosign.refused(verification(line, 'image'))).toContain('invalid predicate type');
  });
});

function statementOf(line: string) {
  return JSON.parse(Buffer.from(openEnvelope(line)?.payload ?? []).toString());
}
