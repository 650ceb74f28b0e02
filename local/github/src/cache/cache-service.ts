import type { Job } from '../world/job.ts';
import type { World } from '../world/world.ts';
import { signedUrl } from './blobs.ts';
import { begunEntry, findEntry, finishEntry, reserveEntry, type Wanted } from './entries.ts';
import { cacheScopes } from './scopes.ts';

/** Below `ACTIONS_RESULTS_URL`: the second version of the cache service, by Twirp. GitHub has switched the first one off. */
export const CACHE_SERVICE = '/twirp/github.actions.results.api.v1.CacheService/';

/** "Input parameters for the cache action", "Dependency caching reference". */
const LONGEST_KEY = 512;

export interface TwirpReply {
  readonly status: number;
  readonly body: unknown;
}

type Body = Readonly<Record<string, unknown>>;

/** An error as Twirp says it, with the status that its specification has for the code. */
class TwirpError extends Error {
  readonly reply: TwirpReply;
  constructor(code: keyof typeof STATUS, msg: string) {
    super(msg);
    this.reply = { status: STATUS[code], body: { code, msg } };
  }
}

const STATUS = {
  already_exists: 409,
  bad_route: 404,
  invalid_argument: 400,
  malformed: 400,
  not_found: 404,
  unauthenticated: 401,
} as const;

/** Answers a call of the cache service, by a job whose token it is. */
export function answerCacheCall(
  world: World,
  call: {
    readonly method: string;
    readonly name: string;
    readonly contentType: string | undefined;
    readonly token: string | undefined;
    readonly bytes: Buffer;
  },
): TwirpReply {
  try {
    const answer = Object.hasOwn(CALLS, call.name) ? CALLS[call.name] : undefined;
    if (call.method !== 'POST' || !answer) throw new TwirpError('bad_route', `no handler for ${call.name}`);
    if (!/^application\/json\b/.test(call.contentType ?? ''))
      throw new TwirpError('bad_route', `unexpected Content-Type: ${call.contentType ?? ''}`);
    const principal = call.token === undefined ? undefined : world.tokens.get(call.token);
    if (principal?.kind !== 'runtime') throw new TwirpError('unauthenticated', 'invalid token');
    return { status: 200, body: answer(world, principal.job, bodyOf(call.bytes)) };
  } catch (thrown) {
    if (thrown instanceof TwirpError) return thrown.reply;
    throw thrown;
  }
}

const CALLS: Readonly<Record<string, (world: World, job: Job, body: Body) => unknown>> = {
  CreateCacheEntry: (world, job, body) => {
    const wanted = wantedIn(body);
    const [own] = cacheScopes(job.run);
    if (!own?.writes) return { ok: false, signed_upload_url: '', message: denied(job) };
    const entry = reserveEntry(
      world.caches,
      job.run.repository.id,
      { ...wanted, id: world.nextId(), scope: own.ref },
      world.clock.now(),
    );
    if (!entry)
      throw new TwirpError(
        'already_exists',
        'cache entry with the same key, version, and scope already exists',
      );
    return { ok: true, signed_upload_url: signedUrl(world, entry, 'cw'), message: '' };
  },
  FinalizeCacheEntryUpload: (world, job, body) => {
    const wanted = wantedIn(body);
    const [own] = cacheScopes(job.run);
    const repository = job.run.repository.id;
    const entry = begunEntry(world.caches, repository, wanted, own?.ref ?? '');
    if (!entry) throw new TwirpError('not_found', 'there is no cache entry that was begun');
    const size = Number(member(body, 'size_bytes')); // Assumes github-cache-size-is-compared.
    if (entry.content?.length !== size)
      throw new TwirpError(
        'invalid_argument',
        `size_bytes is ${size}, and ${entry.content?.length ?? 0} bytes were uploaded`,
      );
    finishEntry(world.caches, repository, entry, world.clock.now());
    return { ok: true, entry_id: String(entry.id), message: '' };
  },
  GetCacheEntryDownloadURL: (world, job, body) => {
    const wanted = wantedIn(body);
    const given = member(body, 'restore_keys') ?? [];
    if (!Array.isArray(given)) throw new TwirpError('malformed', 'restore_keys is no list');
    const asked = { ...wanted, restoreKeys: given.map((key) => keyIn('restore_keys', key)) };
    const scopes = cacheScopes(job.run);
    const entry = findEntry(world.caches, job.run.repository.id, scopes, asked, world.clock.now());
    if (!entry) return { ok: false, signed_download_url: '', matched_key: '' };
    return { ok: true, signed_download_url: signedUrl(world, entry, 'r'), matched_key: entry.key };
  },
};

/** Official clients look for the words before the colon. */
function denied({ run }: Job): string {
  return `cache write denied: a run of ${run.event} may not save to the default branch`;
}

function wantedIn(body: Body): Wanted {
  return { key: keyIn('key', member(body, 'key')), version: keyIn('version', member(body, 'version')) };
}

function keyIn(name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '')
    throw new TwirpError('invalid_argument', `${name} is required`);
  if (value.length > LONGEST_KEY)
    throw new TwirpError('invalid_argument', `${name} cannot be larger than ${LONGEST_KEY} characters`);
  return value;
}

/** JSON of protocol buffers has a field under its own name or in lower camel case. */
function member(body: Body, name: string): unknown {
  return body[name] ?? body[name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())];
}

function bodyOf(bytes: Buffer): Body {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // said below
  }
  throw new TwirpError('malformed', 'the json request could not be decoded');
}
