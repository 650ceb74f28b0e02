import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { renderReport } from '@tenant-delivery/evidence/render-report';
import { verifyEvidence } from '@tenant-delivery/evidence/verify';
import type { Io } from '../io.ts';
import { readGiven } from './read-file.ts';
import { readTrust } from './read-trust.ts';
import { explain, UsageError } from './usage-error.ts';

const USAGE =
  'Usage: tenant-delivery verify-evidence FILE --trust FILE [--contract FILE]… [--documents DIR] [--json]';

const NO_CONTRACT =
  'No signed contract was given. If a key is not trusted that a contract names, give that contract with --contract FILE.';

const OWN_CONTRACT =
  'The file brought the contract that vouches for its keys. Give the contract in force with --contract FILE to see whether one of them was taken back since.';

/** Judges an evidence file offline. Exit 0 only when everything holds, 1 when something does not, 2 when it could not judge. */
export async function verifyEvidenceCommand(args: readonly string[], io: Io): Promise<number> {
  return explain(args, io, USAGE, async () => {
    const { file, trust, contracts, documents, json } = read(args, io.cwd);
    const atHand = contracts.map(async (place) => ({ place, bytes: await readGiven(place, io) }));
    const report = verifyEvidence(await readGiven(file, io), await readTrust(trust, io), {
      contracts: await Promise.all(atHand),
      ...(documents && { documents: (digest) => documentIn(documents, digest) }),
    });
    io.out(json ? JSON.stringify(report, null, 2) : renderReport(report).trimEnd());
    if (!report.holds && report.contracts.length === 0) io.err(NO_CONTRACT);
    if (contracts.length === 0 && report.contracts.length > 0) io.err(OWN_CONTRACT);
    return report.holds ? 0 : 1;
  });
}

function read(args: readonly string[], cwd: string) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      trust: { type: 'string' },
      contract: { type: 'string', multiple: true, default: [] },
      documents: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('Give exactly one evidence file.');
  if (values.trust === undefined) {
    throw new UsageError('Give --trust FILE: the public keys that you trust, such as trust/provider.json.');
  }
  return {
    file,
    trust: values.trust,
    contracts: values.contract,
    documents: values.documents === undefined ? undefined : resolve(cwd, values.documents),
    json: values.json,
  };
}

/** A folder of documents, each named by its digest, as `objects/sha256` of a vault. */
function documentIn(folder: string, digest: string): Uint8Array | undefined {
  const file = join(folder, digest.slice('sha256:'.length));
  return existsSync(file) ? readFileSync(file) : undefined;
}
