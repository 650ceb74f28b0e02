import { expect, test } from '@jest/globals';
import { failures } from '../src/failures.ts';
import { rememberedReader } from '../src/registry/remembered-reader.ts';
import { baseRegistry } from './base-registry.ts';

test('a document is asked for once, also when it came by a tag; a tag, an absence and a failure are asked for again', async () => {
  const registry = await baseRegistry([]);
  const asked: string[] = [];
  let fails = true;
  const remembered = rememberedReader({
    ...registry,
    readManifest: async (repository, reference) => {
      asked.push(reference);
      return registry.readManifest(repository, reference);
    },
    readBlob: async (repository, blob) => {
      asked.push(blob.digest);
      if (fails) throw failures.registryRefused('it', 'busy');
      return registry.readBlob(repository, blob);
    },
  });
  const found = await remembered.readManifest('base/node', '24');
  if (found === 'absent') throw new Error('the base has a tag');
  const config = JSON.parse(found.bytes.toString()).config;
  for (const reference of ['24', found.digest, found.digest, 'none', 'none'])
    await remembered.readManifest('base/node', reference);
  await expect(remembered.readBlob('base/node', config)).rejects.toMatchObject({ code: 'REGISTRY_REFUSED' });
  fails = false;
  const twice = await Promise.all([
    remembered.readBlob('base/node', config),
    remembered.readBlob('base/node', config),
  ]);
  expect(twice[0]).toBe(twice[1]);
  expect(asked).toEqual(['24', '24', 'none', 'none', config.digest, config.digest]);
});
