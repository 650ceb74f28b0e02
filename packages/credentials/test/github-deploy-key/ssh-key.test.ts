import { expect, test } from '@jest/globals';
import { newSshKey, publicKeyOf, sshFingerprint } from '../../src/github-deploy-key/ssh-key.ts';

test('a key that comes out of its own text is the key that went in, and no other text is one', () => {
  const { publicKey, privateKey } = newSshKey('td-rotation/ci-clone/0001');
  expect(publicKey).toMatch(/^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[\w+/]{43}$/);
  expect(publicKeyOf(privateKey)).toBe(publicKey);
  expect(publicKeyOf(privateKey.replaceAll('\n', '\r\n'))).toBe(publicKey);
  const lines = privateKey.split('\n');
  const cut = lines.toSpliced(2, 1).join('\n');
  const other = newSshKey('x').privateKey.split('\n');
  const mixed = [...lines.slice(0, 3), ...other.slice(3)].join('\n');
  const swapped = privateKey.replace(
    /^(.{60})(.)/m,
    (_, before, one) => `${before}${one === 'A' ? 'B' : 'A'}`,
  );
  for (const text of [cut, mixed, swapped, publicKey, '', '{}']) expect(publicKeyOf(text)).toBeUndefined();
  expect(sshFingerprint(publicKey)).toMatch(/^[0-9a-f]{12}$/);
});
