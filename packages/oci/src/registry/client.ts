import type { Failure } from '@tenant-delivery/action-kit/failure';
import { type Digest, isDigest } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import { bodyOf, boundSize } from '../blob-bounds.ts';
import type { Descriptor } from '../descriptor.ts';
import { failures } from '../failures.ts';
import { parseManifest } from '../manifest.ts';
import { MANIFEST_TYPES, OCI_INDEX } from '../media-types.ts';
import type { RegistryWriter } from './port.ts';
import { type RegistryAccess, type RegistrySession, registrySession, repeatedly } from './session.ts';

const CHUNK = 32 * 1024 * 1024;

/** A registry over the OCI distribution API ("Open Container Initiative Distribution Specification" 1.1). */
export function registryClient(access: RegistryAccess): RegistryWriter {
  const ask = registrySession(access);
  const readManifest: RegistryWriter['readManifest'] = async (repository, reference) => {
    const response = await ask({
      method: 'GET',
      path: `/v2/${repository}/manifests/${reference}`,
      repository,
      headers: { accept: MANIFEST_TYPES.join(', ') },
    });
    if (response.status === 404) return absent(response, repository, reference);
    if (response.status !== 200) throw await refused(`reading ${repository}:${reference}`, response);
    const what = `The manifest ${repository}:${reference}`;
    const bytes = await bodyOf(response, { kind: 'document', what });
    const digest = digestOf(bytes);
    if (isDigest(reference) && digest !== reference) throw failures.pushNotConfirmed(reference, digest);
    const mediaType = (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
    return { digest, mediaType, bytes };
  };
  return {
    host: new URL(access.url).host,
    readManifest,
    async hasBlob(repository, digest) {
      const response = await ask({ method: 'HEAD', path: `/v2/${repository}/blobs/${digest}`, repository });
      if (response.status === 200) return true;
      if (response.status === 404) return false;
      throw await refused(`looking for ${digest} in ${repository}`, response);
    },
    async readBlob(repository, { digest, size }, kind) {
      const what = `The blob ${digest} of ${repository}`;
      boundSize(kind, what, size);
      const response = await ask({ method: 'GET', path: `/v2/${repository}/blobs/${digest}`, repository });
      if (response.status !== 200) throw await refused(`reading ${digest} of ${repository}`, response);
      const bytes = await bodyOf(response, { kind, what, most: size });
      const found = digestOf(bytes);
      if (found !== digest) throw failures.pushNotConfirmed(digest, found);
      return bytes;
    },
    async mountBlob(repository, digest, from) {
      const path = `/v2/${repository}/blobs/uploads/?mount=${digest}&from=${encodeURIComponent(from)}`;
      const response = await ask({ method: 'POST', path, repository });
      await response.body?.cancel();
      if (response.status === 201) return true;
      if (response.status === 202 || response.status === 404 || response.status === 405) return false;
      throw await refused(`mounting ${digest} from ${from} into ${repository}`, response);
    },
    writeBlob: (repository, digest, bytes) =>
      repeatedly(access.clock, `the upload of ${digest}`, () =>
        upload(ask, repository, digest, bytes, access.chunkBytes ?? CHUNK),
      ),
    referrers: (repository, subject) => referrersOf(ask, repository, subject),
    async writeManifest(repository, reference, mediaType, bytes) {
      const response = await ask({
        method: 'PUT',
        path: `/v2/${repository}/manifests/${reference}`,
        repository,
        headers: { 'content-type': mediaType },
        body: bytes,
      });
      if (response.status === 201) {
        await response.body?.cancel();
        return;
      }
      const refusal = await refused(`the image ${repository}:${reference}`, response);
      // The first of two tries may have been the one that took effect; ECR then refuses an immutable tag to itself.
      const held = await readManifest(repository, reference);
      if (held === 'absent' || held.digest !== digestOf(bytes)) throw refusal;
    },
  };
}

/** Every page of "Listing Referrers"; a registry older than OCI 1.1 answers 404 and has none. */
async function referrersOf(ask: RegistrySession, repository: string, subject: Digest): Promise<Descriptor[]> {
  const found: Descriptor[] = [];
  let path: string | undefined = `/v2/${repository}/referrers/${subject}`;
  while (path !== undefined) {
    const response: Response = await ask({ method: 'GET', path, repository, headers: { accept: OCI_INDEX } });
    if (response.status === 404) return found;
    if (response.status !== 200) throw await refused(`the referrers of ${repository}@${subject}`, response);
    const what = `The referrers of ${subject}`;
    const parsed = parseManifest(OCI_INDEX, await bodyOf(response, { kind: 'document', what }));
    if (parsed.kind === 'index') found.push(...parsed.index.manifests);
    path = /<([^>]+)>;\s*rel="?next"?/.exec(response.headers.get('link') ?? '')?.[1];
  }
  return found;
}

/** A repository that is not there is a refusal; only a missing image is absence. */
async function absent(response: Response, repository: string, reference: string): Promise<'absent'> {
  const said = await wordsOf(response);
  if (said.includes('NAME_UNKNOWN')) {
    throw refusal(`reading ${repository}:${reference}`, 404, said);
  }
  return 'absent';
}

/**
 * POST, then one PUT, or PATCHes and a PUT when the blob is larger than a chunk. A broken upload is begun anew from
 * the POST: what a registry kept of it cannot be known.
 */
async function upload(
  ask: RegistrySession,
  repository: string,
  digest: Digest,
  bytes: Buffer,
  chunk: number,
): Promise<void> {
  const begun = await ask({ method: 'POST', path: `/v2/${repository}/blobs/uploads/`, repository });
  if (begun.status !== 202) throw await refused(`an upload to ${repository}`, begun);
  let location = locationOf(begun);
  await begun.body?.cancel();
  const chunked = bytes.length > chunk;
  for (let from = 0; chunked && from < bytes.length; from += chunk) {
    const part = bytes.subarray(from, from + chunk);
    const sent = await ask({
      method: 'PATCH',
      path: location,
      repository,
      headers: {
        'content-type': 'application/octet-stream',
        'content-range': `${from}-${from + part.length - 1}`,
      },
      body: part,
      once: true,
    });
    if (sent.status !== 202) throw await refused(`a chunk of ${digest}`, sent);
    location = locationOf(sent);
    await sent.body?.cancel();
  }
  const finished = await ask({
    method: 'PUT',
    path: `${location}${location.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`,
    repository,
    headers: { 'content-type': 'application/octet-stream' },
    body: chunked ? Buffer.alloc(0) : bytes,
    once: true,
  });
  if (finished.status !== 201) throw await refused(`the blob ${digest}`, finished);
  await finished.body?.cancel();
}

function locationOf(response: Response): string {
  const location = response.headers.get('location');
  if (location === null) throw failures.registryRefused('an upload', 'it gave no address to continue at');
  return location;
}

async function refused(what: string, response: Response): Promise<Failure> {
  return refusal(what, response.status, await wordsOf(response));
}

async function wordsOf(response: Response): Promise<string> {
  return (await bodyOf(response, { kind: 'document', what: "The registry's refusal" })).toString();
}

/** The advice that fits the cause, by the error codes of the OCI distribution specification and what ECR says beside them. */
function refusal(what: string, status: number, body: string): Failure {
  const said = explain(status, body);
  if (status === 401 || status === 403) return failures.registryDenied(what, said);
  if (/\bNAME_UNKNOWN\b/.test(said)) return failures.registryWithoutRepository(what, said);
  if (/\bimmutable\b/i.test(said)) return failures.registryTagImmutable(what, said);
  return failures.registryRefused(what, said);
}

/** The registry's own words, from an OCI error body where there is one. */
function explain(status: number, body: string): string {
  const said = /"code":\s*"([^"]+)"(?:,\s*"message":\s*"((?:[^"\\]|\\.)*)")?/.exec(body);
  return said ? `${status} ${said[1]}: ${said[2] ?? ''}`.trim() : `${status} ${body.slice(0, 200)}`.trim();
}
