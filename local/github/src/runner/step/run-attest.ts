import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { JobState } from '../job/job-state.ts';
import { type StepPlace, scopeOf } from '../job/step-place.ts';
import { mapping, type Strings, text } from '../value.ts';
import type { Doing } from './prepared-step.ts';
import { inputsNamed, warnOfUnexpected } from './unexpected-inputs.ts';

const INPUTS = inputsNamed(
  'subject-path subject-digest subject-name subject-checksums subject-version sbom-path predicate-type predicate predicate-path push-to-registry create-storage-record show-summary github-token',
);
const SUPPORTED = ['subject-checksums', 'sbom-path', 'show-summary'];

interface Subject {
  readonly name: string;
  readonly digest: { readonly sha256: string };
}

/**
 * A stand-in for actions/attest: the same statement, uploaded to the same address with the job's token, in a bundle that
 * nobody signs, because Sigstore is no part of this GitHub. It needs `id-token: write` as the real one does.
 */
export async function runAttest(
  job: JobState,
  place: StepPlace,
  given: Strings,
  { outputs }: Doing,
): Promise<'success' | 'failure'> {
  warnOfUnexpected(job, 'actions/attest', given, INPUTS);
  const refused = Object.keys(given).filter((name) => given[name] !== '' && !SUPPORTED.includes(name));
  if (refused.length > 0) throw new Error(`actions/attest is a stand-in, without: ${refused.join(', ')}.`);
  if (!job.idTokenRequest)
    throw new Error(
      'missing "id-token" permission. Please add "permissions: id-token: write" to your workflow.',
    );
  const read = (path: string) => readFile(resolve(job.folders.workspace, path), 'utf8');
  const subject = subjectsIn(await read(given['subject-checksums'] ?? ''));
  const github = mapping(scopeOf(job, place).contexts['github']);
  const sbom = given['sbom-path'];
  const predicate = sbom ? sbomPredicate(await read(sbom)) : provenance(github);
  const statement = { _type: 'https://in-toto.io/Statement/v1', subject, ...predicate };
  const response = await fetch(
    `${text(github['api_url'])}/repos/${text(github['repository'])}/attestations`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${text(github['token'])}`, 'content-type': 'application/json' },
      body: JSON.stringify({ bundle: unsigned(statement) }),
    },
  );
  const answer = Object(await response.json());
  if (!response.ok) throw new Error(`Failed to persist attestation: ${answer.message}`);
  job.log.line(
    `local-github attests without Sigstore: ${predicate.predicateType} of ${subject.length} file(s)`,
  );
  outputs.set('attestation-id', String(answer.id));
  return 'success';
}

/** Lines as sha256sum writes them. */
function subjectsIn(checksums: string): readonly Subject[] {
  const lines = checksums.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new Error('Could not find subject at path: the checksums are empty');
  return lines.map((line) => {
    const [, sha256, name] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    if (sha256 === undefined || name === undefined) throw new Error(`Invalid checksums line: ${line}`);
    return { name, digest: { sha256 } };
  });
}

function sbomPredicate(sbom: string) {
  const document = Object(JSON.parse(sbom));
  if (document.bomFormat === 'CycloneDX')
    return { predicateType: 'https://cyclonedx.org/bom', predicate: document };
  if (document.spdxVersion !== undefined)
    return { predicateType: 'https://spdx.dev/Document', predicate: document };
  throw new Error('Unsupported SBOM format');
}

function provenance(github: ReturnType<typeof mapping>) {
  const [path, ref] = text(github['workflow_ref'])
    .replace(`${text(github['repository'])}/`, '')
    .split('@');
  const repository = `${text(github['server_url'])}/${text(github['repository'])}`;
  return {
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://actions.github.io/buildtypes/workflow/v1',
        externalParameters: { workflow: { ref, repository, path } },
        resolvedDependencies: [
          { uri: `git+${repository}@${ref}`, digest: { gitCommit: text(github['sha']) } },
        ],
      },
      runDetails: {
        metadata: { invocationId: `${repository}/actions/runs/${text(github['run_id'])}` },
      },
    },
  };
}

function unsigned(statement: unknown) {
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {},
    dsseEnvelope: {
      payload: Buffer.from(JSON.stringify(statement)).toString('base64'),
      payloadType: 'application/vnd.in-toto+json',
      signatures: [],
    },
  };
}
