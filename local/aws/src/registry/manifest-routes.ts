import { statusOf } from './archive.ts';
import { digestOf } from './digest.ts';
import { imageArchived, manifestUnknown, RegistryError } from './error.ts';
import { answer, bodyOf, type Exchange, methodNotAllowed, repositoryOf } from './exchange.ts';
import { type Manifest, OCI_INDEX, parseManifest } from './manifest.ts';
import { putManifest } from './put-manifest.ts';
import type { Repository } from './store.ts';

/** `/v2/<name>/manifests/<tag or digest>` */
export async function serveManifest(exchange: Exchange, name: string, reference: string): Promise<void> {
  const repository = repositoryOf(exchange, name);
  switch (exchange.method) {
    case 'GET':
    case 'HEAD': {
      const digest = resolveReference(repository, reference);
      const stored = digest === undefined ? undefined : repository.manifests[digest];
      if (digest === undefined || stored === undefined) throw manifestUnknown(reference);
      if (statusOf(exchange.world, stored) !== 'ACTIVE') throw imageArchived(reference);
      if (exchange.method === 'GET') stored.pulledAt = exchange.world.clock.now();
      return answer(
        exchange,
        200,
        { 'content-type': stored.mediaType, 'docker-content-digest': digest },
        stored.text,
      );
    }
    case 'PUT': {
      const mediaType = (exchange.request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
      const { digest, subject } = putManifest(
        exchange.world,
        repository,
        reference,
        mediaType,
        await bodyOf(exchange.request),
        exchange.token.principal,
      );
      return answer(exchange, 201, {
        location: `/v2/${name}/manifests/${digest}`,
        'docker-content-digest': digest,
        ...(subject ? { 'oci-subject': subject } : {}),
      });
    }
    case 'DELETE':
      deleteManifest(exchange, repository, reference);
      return answer(exchange, 202, {});
    default:
      throw methodNotAllowed(exchange);
  }
}

/** A digest as it is, a tag by what it points to now. */
export function resolveReference(repository: Repository, reference: string): string | undefined {
  if (reference.includes(':')) return repository.manifests[reference] ? reference : undefined;
  return Object.hasOwn(repository.tags, reference) ? repository.tags[reference] : undefined;
}

function deleteManifest({ world }: Exchange, repository: Repository, reference: string): void {
  const digest = resolveReference(repository, reference);
  if (digest === undefined) throw manifestUnknown(reference);
  if (reference !== digest) delete repository.tags[reference];
  else {
    delete repository.manifests[digest];
    delete repository.scans[digest];
    for (const [tag, to] of Object.entries(repository.tags)) if (to === digest) delete repository.tags[tag];
  }
  world.touched();
}

/** `/v2/<name>/tags/list?n=&last=` */
export function listTags(exchange: Exchange, name: string): void {
  const repository = repositoryOf(exchange, name);
  if (exchange.method !== 'GET') throw methodNotAllowed(exchange);
  const { searchParams } = exchange.url;
  const last = searchParams.get('last') ?? '';
  const all = Object.keys(repository.tags)
    .sort()
    .filter((tag) => tag > last);
  const n = Number(searchParams.get('n') ?? 1000);
  if (!Number.isInteger(n) || n < 0)
    throw new RegistryError('PAGINATION_NUMBER_INVALID', 400, 'n is no number');
  const tags = all.slice(0, n);
  const more = tags.length < all.length && tags.length > 0;
  const link = more ? { link: `</v2/${name}/tags/list?n=${n}&last=${tags.at(-1)}>; rel="next"` } : {};
  answer(exchange, 200, { 'content-type': 'application/json', ...link }, JSON.stringify({ name, tags }));
}

/** `/v2/<name>/referrers/<digest>?artifactType=`: an image index of what names this subject; empty when none does. */
export function listReferrers(exchange: Exchange, name: string, subject: string): void {
  const repository = repositoryOf(exchange, name);
  if (exchange.method !== 'GET') throw methodNotAllowed(exchange);
  const wanted = exchange.url.searchParams.get('artifactType');
  const manifests = Object.values(repository.manifests)
    .filter((stored) => stored.subject === subject && (wanted === null || stored.artifactType === wanted))
    .map(({ mediaType, text, artifactType }) => {
      const { annotations } = parseManifest(mediaType, text) as Manifest; // annotations stand in both kinds
      return {
        mediaType,
        digest: digestOf(Buffer.from(text)),
        size: Buffer.byteLength(text),
        ...(artifactType === undefined ? {} : { artifactType }),
        ...(annotations ? { annotations } : {}),
      };
    });
  const filtered = wanted === null ? {} : { 'oci-filters-applied': 'artifactType' };
  answer(
    exchange,
    200,
    { 'content-type': OCI_INDEX, ...filtered },
    JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }),
  );
}
