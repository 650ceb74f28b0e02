import { createHash } from 'node:crypto';
import { type Digest, isDigest } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import { bodyOf, boundSize, partsOf } from '../blob-bounds.ts';
import { bytesInMemory } from '../byte-source.ts';
import type { Descriptor } from '../descriptor.ts';
import { failures } from '../failures.ts';
import { parseManifest } from '../manifest.ts';
import { MANIFEST_TYPES, OCI_INDEX } from '../media-types.ts';
import type { RegistryReader, RegistryWriter } from './port.ts';
import { refusal, refused, wordsOf } from './refusal.ts';
import { type RegistryAccess, type RegistrySession, registrySession, repeatedly } from './session.ts';
import { upload } from './upload.ts';

const CHUNK = 32 * 1024 * 1024; // bytes of one request; they are read as they are sent

/** A registry over the OCI distribution API ("Open Container Initiative Distribution Specification" 1.1). */
export function registryClient(access: RegistryAccess): RegistryWriter {
  const ask = registrySession(access);
  const reader = registryReader(access, ask);
  return {
    ...reader,
    async mountBlob(repository, digest, from) {
      const path = `/v2/${repository}/blobs/uploads/?mount=${digest}&from=${encodeURIComponent(from)}`;
      const response = await ask({ method: 'POST', path, repository });
      await response.body?.cancel();
      if (response.status === 201) return true;
      if (response.status === 202 || response.status === 404 || response.status === 405) return false;
      throw await refused(`mounting ${digest} from ${from} into ${repository}`, response);
    },
    async writeBlob(repository, digest, bytes) {
      const chunk = access.chunkBytes ?? CHUNK;
      await repeatedly(access.clock, `the upload of ${digest}`, () =>
        upload(ask, repository, digest, bytes, chunk),
      );
      if (bytes.size > chunk) access.chunked?.(Math.ceil(bytes.size / chunk));
    },
    referrers: (repository, subject) => referrersOf(ask, repository, subject),
    async writeManifest(repository, reference, mediaType, bytes) {
      const response = await ask({
        method: 'PUT',
        path: `/v2/${repository}/manifests/${reference}`,
        repository,
        headers: { 'content-type': mediaType },
        body: bytesInMemory(bytes),
      });
      if (response.status === 201) {
        await response.body?.cancel();
        return;
      }
      const why = await refused(`the image ${repository}:${reference}`, response);
      // An earlier try may have taken effect before its line broke. ECR then refuses the second because the tag is immutable.
      const held = await reader.readManifest(repository, reference);
      if (held === 'absent' || held.digest !== digestOf(bytes)) throw why;
    },
  };
}

function registryReader(access: RegistryAccess, ask: RegistrySession): RegistryReader {
  const getBlob = async (repository: string, digest: Digest) => {
    const path = `/v2/${repository}/blobs/${digest}`;
    const response = await ask({ method: 'GET', path, repository, once: true });
    if (response.status !== 200) throw await refused(`reading ${digest} of ${repository}`, response);
    return response;
  };
  return {
    host: new URL(access.url).host,
    readManifest: (repository, reference) => readManifest(ask, repository, reference),
    async hasBlob(repository, digest) {
      const response = await ask({ method: 'HEAD', path: `/v2/${repository}/blobs/${digest}`, repository });
      if (response.status === 200) return true;
      if (response.status === 404) return false;
      throw await refused(`looking for ${digest} in ${repository}`, response);
    },
    async readBlob(repository, { digest, size }) {
      const what = `The blob ${digest} of ${repository}`;
      boundSize('document', what, size);
      return repeatedly(access.clock, `reading ${digest}`, async () => {
        const response = await getBlob(repository, digest);
        const bytes = await bodyOf(response, { kind: 'document', what, most: size });
        const found = digestOf(bytes);
        if (found !== digest) throw failures.pushNotConfirmed(digest, found);
        return bytes;
      });
    },
    async streamBlob(repository, { digest, size }, take) {
      const what = `The blob ${digest} of ${repository}`;
      boundSize('layer', what, size);
      await repeatedly(access.clock, `reading ${digest}`, async () => {
        const response = await getBlob(repository, digest);
        await take(verified(partsOf(response, { kind: 'layer', what, most: size }), digest));
      });
    },
  };
}

async function readManifest(
  ask: RegistrySession,
  repository: string,
  reference: string,
): ReturnType<RegistryReader['readManifest']> {
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
}

/** The same parts. If they are not those of the digest, they end with a failure. */
async function* verified(parts: AsyncIterable<Uint8Array>, digest: Digest): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const part of parts) {
    hash.update(part);
    yield part;
  }
  const found = `sha256:${hash.digest('hex')}`;
  if (found !== digest) throw failures.pushNotConfirmed(digest, found);
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

/** Only a missing image is absent. If the repository is missing, that is a refusal. */
async function absent(response: Response, repository: string, reference: string): Promise<'absent'> {
  const said = await wordsOf(response);
  if (said.includes('NAME_UNKNOWN')) {
    throw refusal(`reading ${repository}:${reference}`, 404, said);
  }
  return 'absent';
}
