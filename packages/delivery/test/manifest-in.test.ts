import { expect, it } from '@jest/globals';
import type { Workspace } from '@tenant-delivery/action-kit/workspace';
import { manifestIn } from '../src/manifest-in.ts';

const MANIFEST = `schemaVersion: 1
tenant: acme
name: orders
layer: app
container: { name: orders, port: 8080 }
health: { path: /healthz }
`;
const POLICY = 'schemaVersion: 1\n';

/** A checkout with these files. */
function checkout(files: Readonly<Record<string, string>>): Workspace {
  return {
    read: async (path) => {
      const text = files[path];
      return text === undefined ? { kind: 'none', why: 'does not exist' } : { kind: 'text', text };
    },
  };
}

it('reads a manifest and the scan policy beside it, whatever folder they are in', async () => {
  const files = { 'base/orders/delivery.yaml': MANIFEST, 'base/orders/scan-policy.yaml': POLICY };
  const read = await manifestIn(checkout(files), 'base/orders/delivery.yaml', 'orders/delivery.yaml');
  expect(read).toMatchObject({ kind: 'wish', wish: { scanFrom: 'orders/scan-policy.yaml' } });
  const alone = await manifestIn(checkout({ 'delivery.yaml': MANIFEST }), 'delivery.yaml');
  expect(alone).toEqual({ kind: 'wish', wish: { manifest: expect.objectContaining({ name: 'orders' }) } });
});

it('says why there is none, and what is wrong with one by the path that people know', async () => {
  expect(await manifestIn(checkout({}), 'delivery.yaml')).toEqual({ kind: 'none', why: 'does not exist' });
  const wrong = manifestIn(
    checkout({ 'base/delivery.yaml': 'nothing: 1\n' }),
    'base/delivery.yaml',
    'delivery.yaml',
  );
  await expect(wrong).rejects.toMatchObject({
    code: 'MANIFEST_INVALID',
    message: expect.not.stringContaining('base/'),
  });
});
