import { expect } from '@jest/globals';
import { createJob, startJob } from '../src/world/job.ts';
import type { NewRun } from '../src/world/run.ts';
import { RELEASED, type Sandbox } from './sandbox.ts';

/** Of the paths that a cache holds, as its client makes it. */
export const VERSION = 'f'.repeat(64);

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A job of a run that has begun, with its token, and how it saves and restores caches. */
export function aCachingJob(sandbox: Sandbox, run: Partial<NewRun> = {}) {
  const { world } = sandbox.github;
  const job = createJob(world, sandbox.run(run), { name: 'build', permissions: {}, workflow: RELEASED });
  const { runtimeToken, githubToken } = startJob(world, job);
  const call = async (name: string, body: unknown, token = runtimeToken): Promise<Answer> => {
    const url = `${world.url}/twirp/github.actions.results.api.v1.CacheService/${name}`;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, body: Object(await response.json()) };
  };
  const create = async (key: string, version = VERSION) =>
    String((await call('CreateCacheEntry', { key, version })).body['signed_upload_url']);
  const finish = (key: string, size: number, version = VERSION) =>
    call('FinalizeCacheEntryUpload', { key, version, size_bytes: size });
  return {
    job,
    runtimeToken,
    githubToken,
    call,
    create,
    finish,
    save: async (key: string, content: string, version = VERSION) => {
      await put(await create(key, version), content);
      expect(await finish(key, content.length, version)).toMatchObject({ status: 200, body: { ok: true } });
    },
    /** The key that is found, and what it holds; nothing where there is none. */
    restore: async (key: string, restoreKeys: readonly string[] = [], version = VERSION) => {
      const { body } = await call('GetCacheEntryDownloadURL', { key, restore_keys: restoreKeys, version });
      if (body['ok'] === false) return undefined;
      return [body['matched_key'], await (await fetch(String(body['signed_download_url']))).text()];
    },
  };
}

export function put(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(url, { method: 'PUT', body, headers: { 'x-ms-blob-type': 'BlockBlob', ...headers } });
}
