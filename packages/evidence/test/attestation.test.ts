import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '@tenant-delivery/domain';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import { digestOf } from '@tenant-delivery/vault/objects';
import { SVR_TYPE, type SvrStatement, sealStatement } from '../src/attestation.ts';
import { EVENT_PAYLOAD_TYPE, STATEMENT_TYPE } from '../src/change-event.ts';
import { seal } from '../src/dsse.ts';
import { exportChange } from '../src/export.ts';
import { appendEvent } from '../src/record.ts';
import { verifyEvidence } from '../src/verify.ts';
import { CHANGE, KEYS, signerOf, stepTo, TRUST } from './record-of.ts';

const SVR: SvrStatement = {
  _type: STATEMENT_TYPE,
  subject: [{ name: 'registry/acme/orders', digest: { sha256: digestOf('image').slice(7) } }],
  predicateType: SVR_TYPE,
  predicate: {
    verifier: { id: 'https://verifier.example/v1', policies: [] },
    timeCreated: '2026-11-24T09:02:00.000Z',
    properties: ['WITHIN_POLICY'],
  },
};

/** What the verifier says of a record whose gate brought this document as its `svr`, with every document at hand. */
async function problemsWith(svr: Uint8Array): Promise<readonly string[]> {
  const documents = new Map<string, Uint8Array>([[digestOf(svr), svr]]);
  const vault = memoryVault();
  let events: Awaited<ReturnType<typeof appendEvent>> = [];
  for (const [seq, to] of (['proposed', 'built', 'gated'] as const).entries()) {
    documents.set(digestOf(to), Buffer.from(to));
    const more = to === 'gated' ? { evidence: { svr: digestOf(svr) } } : {};
    events = await appendEvent(
      { vault, trust: TRUST, signer: signerOf(to) },
      CHANGE,
      events,
      stepTo(to, seq, more),
    );
  }
  const jsonl = await exportChange(vault, CHANGE, CHANGE.id);
  const report = verifyEvidence(jsonl, TRUST, { documents: (digest) => documents.get(digest) });
  return report.lines.flatMap(({ problems }) => problems);
}

describe('an attestation beside a verdict', () => {
  const { gate, build } = KEYS;

  it('holds when the gate signed it about the image of the change', async () => {
    expect(await problemsWith(await sealStatement(gate.signer, SVR))).toEqual([]);
  });

  it('does not hold with the key of another duty, about another image, altered, or of another kind', async () => {
    expect(await problemsWith(await sealStatement(build.signer, SVR))).toEqual([
      expect.stringContaining('the attestation svr, which is not signed'),
    ]);
    const other = [{ name: 'registry/acme/orders', digest: { sha256: digestOf('another').slice(7) } }];
    expect(await problemsWith(await sealStatement(gate.signer, { ...SVR, subject: other }))).toEqual([
      expect.stringContaining(`the attestation svr, which is about ${digestOf('another')}`),
    ]);
    const sealed = Buffer.from(await sealStatement(gate.signer, SVR)).toString();
    const payload = Buffer.from(JSON.stringify(SVR).replace('WITHIN_POLICY', 'ANYTHING')).toString('base64');
    const altered = sealed.replace(/"payload":"[^"]*"/, `"payload":"${payload}"`);
    expect(await problemsWith(Buffer.from(altered))).toEqual([
      expect.stringContaining('does not match the content'),
    ]);
    const vulns = { ...SVR, predicateType: 'https://in-toto.io/attestation/vulns/v0.2' };
    const sealedVulns = await seal(gate.signer, EVENT_PAYLOAD_TYPE, Buffer.from(canonicalJson(vulns)));
    expect(await problemsWith(sealedVulns)).toEqual([expect.stringContaining('predicateType')]);
  });
});
