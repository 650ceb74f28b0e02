import type { Attestation } from '../../world/attestation.ts';
import { ok, type Reply, type RepositoryCall, type Route } from '../call.ts';
import { unprocessable } from '../errors.ts';
import { read, write } from '../routes.ts';
import { repositoryUrl } from '../show/repository.ts';

/** Attestations as `actions/attest` uploads them (GitHub, "REST API endpoints for repository attestations"). */
export const attestations: readonly Route[] = [
  write('POST', ['attestations'], '/attestations', upload),
  read(['attestations'], '/attestations/{subject_digest}', (call) => {
    const { world, repository, parameters } = call;
    const found = repository.attestations.filter(({ subjects }) =>
      subjects.includes(parameters['subject_digest'] ?? ''),
    );
    return ok({
      attestations: found.map(({ id, bundle }) => ({
        bundle,
        repository_id: repository.id,
        bundle_url: `${repositoryUrl(world, repository)}/attestations/${id}`,
      })),
    });
  }),
];

function upload({ world, repository, body }: RepositoryCall): Reply {
  const { bundle } = body;
  const statement = statementIn(bundle);
  const attestation: Attestation = { id: world.nextId(), ...statement, bundle, createdAt: world.clock.now() };
  repository.attestations.push(attestation);
  return ok({ id: attestation.id }, 201);
}

function statementIn(bundle: unknown): Pick<Attestation, 'subjects' | 'predicateType'> {
  const { payload } = Object(Object(bundle).dsseEnvelope);
  try {
    const { subject, predicateType } = JSON.parse(Buffer.from(String(payload), 'base64').toString());
    const subjects = subject.map(({ digest }: { digest: { sha256: string } }) => `sha256:${digest.sha256}`);
    return { subjects, predicateType: String(predicateType) };
  } catch {
    throw unprocessable('Invalid bundle');
  }
}
