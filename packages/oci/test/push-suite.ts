import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { digestOf } from '@tenant-delivery/vault/objects';
import { bytesInMemory } from '../src/byte-source.ts';
import { rootOf } from '../src/layout.ts';
import { platformsOf } from '../src/platforms.ts';
import { registryClient } from '../src/registry/client.ts';
import type { RegistryWriter } from '../src/registry/port.ts';
import { pushLayout } from '../src/registry/push.ts';
import type { RegistryAccess } from '../src/registry/session.ts';
import { imageLayout, indexLayout } from './layouts.ts';

/** A running registry with two empty repositories. */
export interface RegistryUnderTest {
  readonly url: string;
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly repository: string;
  readonly other: string;
}

const clock = { now: () => Date.now(), sleep: async () => {} };

/** What a push promises, whatever registry it is made to. */
export function pushSuite(name: string, registry: () => RegistryUnderTest): void {
  const connect = (options: Partial<RegistryAccess> = {}): RegistryWriter => {
    const { url, credentials } = registry();
    return registryClient({ url, fetch, clock, ...(credentials ? { credentials } : {}), ...options });
  };
  const unique = () => randomBytes(20).toString('hex');
  const to = () => ({ repository: registry().repository, tag: unique() });

  describe(`a push to ${name}`, () => {
    it('ends with the digest that the registry confirms, and every byte can be read back', async () => {
      const layout = await imageLayout(unique());
      const target = to();
      const { digest, blobs } = await pushLayout(connect(), layout, target);
      expect(digest).toBe(rootOf(layout).digest);
      expect(blobs).toEqual({ present: 0, mounted: 0, uploaded: 2 });
      const stored = await connect().readManifest(target.repository, digest);
      const manifest = JSON.parse(stored === 'absent' ? '' : stored.bytes.toString());
      for (const blob of [manifest.config, ...manifest.layers]) {
        expect(await connect().readBlob(target.repository, blob)).toEqual(layout.readBlob(blob.digest));
      }
    });

    it('brings an index with all its platforms', async () => {
      const layout = await indexLayout(unique());
      const target = to();
      const { digest } = await pushLayout(connect(), layout, target);
      for (const platform of platformsOf(rootOf(layout), layout.readBlob)) {
        expect(await connect().readManifest(target.repository, platform.digest)).not.toBe('absent');
      }
      expect(digest).toBe(rootOf(layout).digest);
    });

    it('goes up in chunks where a blob is larger than one', async () => {
      const layout = await imageLayout(randomBytes(5_000).toString('base64'));
      const { digest } = await pushLayout(connect({ chunkBytes: 999 }), layout, to());
      expect(digest).toBe(rootOf(layout).digest);
    });

    it('goes up as it is read where a blob is large, with its length said beforehand', async () => {
      const content = randomBytes(3 * 2 ** 20);
      const digest = digestOf(content);
      const { repository } = registry();
      const lengths: (string | null)[] = [];
      const watched: typeof fetch = (input, init) => {
        if (init?.method === 'PUT') lengths.push(new Headers(init.headers).get('content-length'));
        return fetch(input, init);
      };
      await connect({ fetch: watched }).writeBlob(repository, digest, bytesInMemory(content));
      expect(lengths).toEqual([String(content.length)]);
      const read: Uint8Array[] = [];
      await connect().streamBlob(repository, { digest, size: content.length }, async (parts) => {
        for await (const part of parts) read.push(part);
      });
      expect(Buffer.concat(read).equals(content)).toBe(true);
    });

    it('sends no byte twice: not to the same repository, and not where another one has it', async () => {
      const layout = await imageLayout(unique());
      await pushLayout(connect(), layout, to());
      const again = await pushLayout(connect(), layout, to());
      expect(again.blobs).toEqual({ present: 2, mounted: 0, uploaded: 0 });
      const { repository, other } = registry();
      const mounted = await pushLayout(connect(), layout, {
        repository: other,
        tag: unique(),
        mountFrom: [{ repository }],
      });
      expect(mounted.blobs).toEqual({ present: 0, mounted: 2, uploaded: 0 });
    });

    it('of the same image under the same tag is no second push; of another image it is refused', async () => {
      const target = to();
      const layout = await imageLayout(unique());
      const { digest } = await pushLayout(connect(), layout, target);
      expect((await pushLayout(connect(), layout, target)).digest).toBe(digest);
      const another = pushLayout(connect(), await imageLayout(unique()), target);
      await expect(another).rejects.toMatchObject({ code: 'TAG_TAKEN' });
      const kept = await connect().readManifest(target.repository, target.tag);
      expect(kept).toMatchObject({ digest });
    });

    it('survives a line that breaks before and after each request took effect', async () => {
      const broken = new Set<string>();
      let before = true;
      const flaky: typeof fetch = async (input, init) => {
        const key = `${init?.method} ${new URL(String(input)).pathname.replace(/uploads\/.+/, 'uploads')}`;
        if (broken.has(key)) return fetch(input, init);
        broken.add(key);
        before = !before;
        if (before) throw new TypeError('the line broke before');
        await (await fetch(input, init)).arrayBuffer();
        throw new TypeError('the line broke after');
      };
      const layout = await imageLayout(unique());
      const { digest } = await pushLayout(connect({ fetch: flaky }), layout, to());
      expect(digest).toBe(rootOf(layout).digest);
    });

    it('is not believed when the registry shows something else afterwards', async () => {
      const layout = await imageLayout(unique());
      const other = JSON.stringify({ schemaVersion: 2 });
      const lying: typeof fetch = async (input, init) => {
        const response = await fetch(input, init);
        const isRead = init?.method === 'GET' && String(input).includes('/manifests/') && response.ok;
        return isRead ? new Response(other, { headers: response.headers }) : response;
      };
      const push = pushLayout(connect({ fetch: lying }), layout, to());
      await expect(push).rejects.toMatchObject({ code: 'PUSH_NOT_CONFIRMED' });
    });
  });
}
