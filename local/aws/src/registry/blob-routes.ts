import { isDeepStrictEqual } from 'node:util';
import { blobAt, isDigest } from './digest.ts';
import { blobUnknown, RegistryError } from './error.ts';
import { answer, bodyOf, type Exchange, methodNotAllowed, repositoryOf } from './exchange.ts';
import { ecrState, type Repository } from './store.ts';
import { appendChunk, beginUpload, cancelUpload, finishUpload, uploadOf } from './uploads.ts';

/** `/v2/<name>/blobs/<digest>` */
export function serveBlob(exchange: Exchange, name: string, digest: string): void {
  const repository = repositoryOf(exchange, name);
  if (exchange.method !== 'GET' && exchange.method !== 'HEAD') throw methodNotAllowed(exchange);
  if (!isDigest(digest)) throw new RegistryError('DIGEST_INVALID', 400, `${digest} is not a sha256 digest`);
  const bytes = repository.blobs[digest] ? blobAt(exchange.world, digest) : undefined;
  if (bytes === undefined) throw blobUnknown(digest);
  const headers = { 'content-type': 'application/octet-stream', 'docker-content-digest': digest };
  const range = rangeOf(exchange.request.headers.range ?? '', bytes.length);
  if (!range) {
    answer(exchange, 200, { ...headers, 'accept-ranges': 'bytes' }, bytes);
    return;
  }
  const { from, to } = range;
  if (from > to) throw new RegistryError('SIZE_INVALID', 416, `the blob has ${bytes.length} bytes`);
  answer(
    exchange,
    206,
    { ...headers, 'content-range': `bytes ${from}-${to}/${bytes.length}` },
    bytes.subarray(from, to + 1),
  );
}

/** The first and last byte that `bytes=2-5`, `bytes=2-` or `bytes=-2`, the last two, ask for (RFC 9110, "Byte Ranges"). */
function rangeOf(header: string, size: number): { readonly from: number; readonly to: number } | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') return { from: size - Math.min(Number(last), size), to: size - 1 };
  return { from: Number(first), to: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}

/** `POST /v2/<name>/blobs/uploads/`: begins an upload, mounts a blob, or takes it whole. */
export async function startUpload(exchange: Exchange, name: string): Promise<void> {
  const repository = repositoryOf(exchange, name);
  if (exchange.method !== 'POST') throw methodNotAllowed(exchange);
  const { searchParams } = exchange.url;
  const mount = searchParams.get('mount');
  if (mount !== null && mountBlob(exchange, repository, mount, searchParams.get('from'))) {
    return created(exchange, repository, mount);
  }
  const id = beginUpload(exchange.world, repository);
  const digest = searchParams.get('digest');
  if (digest !== null) {
    const upload = uploadOf(exchange.world, repository, id);
    appendChunk(upload, await bodyOf(exchange.request), undefined);
    finishUpload(exchange.world, id, upload, digest);
    return created(exchange, repository, digest);
  }
  await bodyOf(exchange.request);
  accepted(exchange, repository, id, 0);
}

function mountBlob(exchange: Exchange, into: Repository, digest: string, from: string | null): boolean {
  const { blobMounting } = ecrState(exchange.world, into.registryId, into.region);
  if (from === null || blobMounting !== 'ENABLED') return false; // the client then uploads
  let source: Repository;
  try {
    source = repositoryOf(exchange, from);
  } catch {
    return false; // an unknown source is no error: the client then uploads
  }
  if (source.blobs[digest] === undefined || !isDeepStrictEqual(source.encryption, into.encryption))
    return false; // "Repositories must use identical encryption configurations" ("Blob mounting in Amazon ECR")
  into.blobs[digest] = true;
  exchange.world.touched();
  return true;
}

/** `/v2/<name>/blobs/uploads/<id>` */
export async function continueUpload(exchange: Exchange, name: string, id: string): Promise<void> {
  const repository = repositoryOf(exchange, name);
  const upload = uploadOf(exchange.world, repository, id);
  switch (exchange.method) {
    case 'GET':
      return accepted(exchange, repository, id, upload.size, 204);
    case 'PATCH':
      appendChunk(upload, await bodyOf(exchange.request), exchange.request.headers['content-range']);
      return accepted(exchange, repository, id, upload.size);
    case 'PUT': {
      const digest = exchange.url.searchParams.get('digest') ?? '';
      appendChunk(upload, await bodyOf(exchange.request), exchange.request.headers['content-range']);
      finishUpload(exchange.world, id, upload, digest);
      return created(exchange, repository, digest);
    }
    case 'DELETE':
      cancelUpload(exchange.world, id);
      return answer(exchange, 204, {});
    default:
      throw methodNotAllowed(exchange);
  }
}

function created(exchange: Exchange, repository: Repository, digest: string): void {
  answer(exchange, 201, {
    location: `/v2/${repository.name}/blobs/${digest}`,
    'docker-content-digest': digest,
  });
}

function accepted(exchange: Exchange, repository: Repository, id: string, size: number, status = 202): void {
  answer(exchange, status, {
    location: `/v2/${repository.name}/blobs/uploads/${id}`,
    'docker-upload-uuid': id,
    range: `0-${Math.max(0, size - 1)}`,
  });
}
