import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { newSshKey, sshFingerprint } from '@tenant-delivery/rotation/deploy-key/ssh-key';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';

describeWith('ssh-keygen', 'OpenSSH itself', () => {
  test('reads a private key of ours, and finds the same public one and fingerprint', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ssh-key-'));
    const file = join(folder, 'key');
    const told = (...args: readonly string[]) =>
      spawnSync('ssh-keygen', [...args, '-f', file], { encoding: 'utf8' }).stdout.trim();
    try {
      // comments of several lengths, for each has another padding
      for (const comment of ['', 'c', 'td-rotation/ci-clone/0001', 'x'.repeat(9)]) {
        const { publicKey, privateKey } = newSshKey(comment);
        writeFileSync(file, privateKey, { mode: 0o600 });
        expect(told('-y')).toBe(`${publicKey} ${comment}`.trim());
        const shown = /SHA256:(\S+)/.exec(told('-l', '-E', 'sha256'))?.[1] ?? '';
        expect(Buffer.from(shown, 'base64').toString('hex').slice(0, 12)).toBe(sshFingerprint(publicKey));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
