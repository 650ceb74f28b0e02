import type { Digest } from '@tenant-delivery/domain';
import { type ByteSource, bytesInMemory } from '../byte-source.ts';
import { failures } from '../failures.ts';
import { refused } from './refusal.ts';
import type { RegistrySession } from './session.ts';

const NOTHING = bytesInMemory(Buffer.alloc(0));

/**
 * POST, then one PUT. A blob larger than a chunk takes PATCHes before the PUT. A broken upload starts again from the POST,
 * because nobody knows what the registry kept of it. Assumes ecr-takes-chunks.
 */
export async function upload(
  ask: RegistrySession,
  repository: string,
  digest: Digest,
  bytes: ByteSource,
  chunk: number,
): Promise<void> {
  const begun = await ask({ method: 'POST', path: `/v2/${repository}/blobs/uploads/`, repository });
  if (begun.status !== 202) throw await refused(`an upload to ${repository}`, begun);
  let location = locationOf(begun);
  await begun.body?.cancel();
  const chunked = bytes.size > chunk;
  for (let from = 0; chunked && from < bytes.size; from += chunk) {
    const to = Math.min(from + chunk, bytes.size);
    const sent = await ask({
      method: 'PATCH',
      path: location,
      repository,
      headers: {
        'content-type': 'application/octet-stream',
        'content-range': `${from}-${to - 1}`,
      },
      body: { size: to - from, read: () => bytes.read(from, to) },
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
    body: chunked ? NOTHING : bytes,
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
