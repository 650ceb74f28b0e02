import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { newSshKey, sshFingerprint } from '@tenant-delivery/credentials/github-deploy-key/ssh-key';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { parse } from 'yaml';

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

  test('tells our template which key a slot has, once git has used it with that key alone and the host keys of GitHub', () => {
    const folder = mkdtempSync(join(tmpdir(), 'verify-clone-key-'));
    const program = (name: string, text: string) =>
      writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    // git that sees whether it was given a readable key and host keys that are pinned, and what the API answers
    program('git', `echo "$GIT_SSH_COMMAND" >> ${folder}/said; echo "$@" >> ${folder}/said`);
    program('curl', `echo '{"ssh_keys":["ssh-ed25519 AAAAHOST"]}'`);
    program('jq', `cat > /dev/null; echo "$3 ssh-ed25519 AAAAHOST"`);
    try {
      const { publicKey, privateKey } = newSshKey('');
      const file = join(import.meta.dirname, '../../templates/workflow-templates/verify-clone-key.yml');
      const { jobs } = parse(readFileSync(file, 'utf8')) as {
        jobs: { use: { steps: readonly { run: string }[] } };
      }; // our own file
      const output = join(folder, 'output');
      const told = spawnSync('bash', ['-e', '-c', jobs.use.steps[0]?.run ?? ''], {
        encoding: 'utf8',
        env: {
          PATH: `${folder}:${process.env['PATH']}`,
          KEY: privateKey.trimEnd(), // as a secret comes back
          REPOSITORY: 'acme/library',
          MAY_PUSH: 'true',
          GITHUB_API_URL: 'https://api.github.com',
          GITHUB_SERVER_URL: 'https://github.com',
          GITHUB_OUTPUT: output,
        },
      });
      expect([told.status, told.stdout]).toEqual([0, '']);
      expect(readFileSync(output, 'utf8').trim()).toBe(`fingerprint=${sshFingerprint(publicKey)}`);
      const said = readFileSync(join(folder, 'said'), 'utf8');
      for (const part of [
        '-F none',
        'IdentitiesOnly=yes',
        'StrictHostKeyChecking=yes',
        'UserKnownHostsFile=',
      ])
        expect(said).toContain(part);
      expect(said).toContain('ls-remote git@github.com:acme/library.git HEAD');
      expect(said).toMatch(/push --quiet --dry-run origin HEAD$/m);
      expect(said).not.toContain(privateKey.split('\n')[1]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
