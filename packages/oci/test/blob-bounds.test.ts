import { expect, test } from '@jest/globals';
import type { Digest } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import { boundLayers, MOST, MOST_OF_LAYERS } from '../src/blob-bounds.ts';
import { registryClient } from '../src/registry/client.ts';
import type { RegistryReader } from '../src/registry/port.ts';
import { readRegistryJson } from '../src/registry-json.ts';

const MIB = 2 ** 20;

/** A registry that answers everything with parts of one MiB of zeros, and counts what was taken of it. */
function flood(parts: number, headers: Readonly<Record<string, string>> = {}) {
  const taken = { requests: 0, parts: 0 };
  const body = () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        taken.parts += 1;
        if (taken.parts > parts) controller.close();
        else controller.enqueue(new Uint8Array(MIB));
      },
    });
  const registry = registryClient({
    url: 'https://registry.example',
    clock: { now: () => 0, sleep: async () => {} },
    fetch: async () => {
      taken.requests += 1;
      return new Response(body(), { headers });
    },
  });
  return { registry, taken };
}

const digest = digestOf(Buffer.alloc(2 * MIB)) as Digest;

/** A layer as it comes. */
async function taken(registry: RegistryReader, blob: { readonly digest: Digest; readonly size: number }) {
  const received: Uint8Array[] = [];
  await registry.streamBlob('orders', blob, async (parts) => {
    received.length = 0;
    for await (const part of parts) received.push(part);
  });
  return Buffer.concat(received);
}

test.each([
  ['layer', 'LAYER_TOO_LARGE'],
  ['document', 'MANIFEST_TOO_LARGE'],
] as const)('a %s whose stated size is over the bound is not asked for', async (kind, code) => {
  const { registry, taken: sent } = flood(1);
  const blob = { digest, size: MOST[kind] + 1 };
  const read = kind === 'layer' ? taken(registry, blob) : registry.readBlob('orders', blob);
  await expect(read).rejects.toMatchObject({ code });
  expect(sent.requests).toBe(0);
});

test('a blob that has more than its manifest states is left where that ends', async () => {
  const { registry, taken: sent } = flood(100);
  await expect(taken(registry, { digest, size: 3 * MIB })).rejects.toMatchObject({
    code: 'LAYER_TOO_LARGE',
    message: expect.stringContaining(`has more where ${3 * MIB} bytes are the most`),
  });
  expect(sent.parts).toBeLessThan(8);
});

test('a manifest without an end is left at the bound, also one that a tag names', async () => {
  const { registry, taken } = flood(100);
  await expect(registry.readManifest('orders', 'v1')).rejects.toMatchObject({ code: 'MANIFEST_TOO_LARGE' });
  expect(taken.parts).toBeLessThan(70);
});

test('a blob of the size that was stated is read whole', async () => {
  const { registry } = flood(2);
  expect(await taken(registry, { digest, size: 2 * MIB })).toHaveLength(2 * MIB);
});

test('a layer that is not the one that its digest names ends with a failure, before it counts as read', async () => {
  const { registry } = flood(2);
  const other = digestOf('other') as Digest;
  await expect(taken(registry, { digest: other, size: 2 * MIB })).rejects.toMatchObject({
    code: 'PUSH_NOT_CONFIRMED',
  });
});

test('a line that breaks in the middle of a layer begins it anew', async () => {
  let answers = 0;
  const registry = registryClient({
    url: 'https://registry.example',
    clock: { now: () => 0, sleep: async () => {} },
    fetch: async () => {
      answers += 1;
      const breaks = answers === 1;
      const parts = [new Uint8Array(MIB), new Uint8Array(MIB)];
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (breaks && parts.length === 1) controller.error(new TypeError('terminated'));
          else if (parts.length === 0) controller.close();
          else controller.enqueue(parts.pop() as Uint8Array<ArrayBuffer>);
        },
      });
      return new Response(body);
    },
  });
  expect(await taken(registry, { digest, size: 2 * MIB })).toHaveLength(2 * MIB);
  expect(answers).toBe(2);
});

test('layers that are too large together are refused, and so is a document that a builder wrote', () => {
  const half = { size: MOST_OF_LAYERS / 2 };
  expect(() => boundLayers('base/node:24', [half, half])).not.toThrow();
  expect(() => boundLayers('base/node:24', [half, half, { size: 1 }])).toThrow(
    expect.objectContaining({ code: 'LAYER_TOO_LARGE' }),
  );
  const large = Buffer.alloc(MOST.document + 1, ' ');
  expect(() => readRegistryJson('The index', large)).toThrow(
    expect.objectContaining({ code: 'MANIFEST_TOO_LARGE' }),
  );
});
