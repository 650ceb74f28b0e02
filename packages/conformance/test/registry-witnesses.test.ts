import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { issueToken } from '@tenant-delivery/local-aws/registry/tokens';
import { copyImage, seedBaseImages, seedRepository } from '@tenant-delivery/local-aws/services/ecr';
import { hasProgram } from '@tenant-delivery/testkit/program';
import { pushSuite } from '../../oci/test/push-suite.ts';
import { startDockerRegistry } from './docker-registry.ts';

// Programs that others wrote, against our registry; and our client against a registry that others wrote.

const ACCOUNT = '000011112222';
const REGION = 'eu-west-1';

if (hasProgram('docker-registry', 'docker-registry', '--version')) {
  let docker: Awaited<ReturnType<typeof startDockerRegistry>>;
  beforeAll(async () => {
    docker = await startDockerRegistry();
  });
  afterAll(() => docker.stop());
  pushSuite("Debian's docker-registry", () => ({
    url: docker.url,
    repository: 'acme/orders',
    other: 'acme/other',
  }));
} else {
  it.todo('a push to docker-registry: it is not installed');
}

let aws: LocalAws;
let folder: string;
let password: string;
let digest: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'td-witness-'));
  mkdirSync(join(folder, 'run'));
  writeFileSync(join(folder, 'note.txt'), 'an artifact\n');
  aws = await startLocalAws();
  aws.addAccount(ACCOUNT);
  ({ current: digest } = await seedBaseImages(aws.world, ACCOUNT, REGION));
  const [from, to] = ['base/node', 'acme/orders'].map((name) =>
    seedRepository(aws.world, ACCOUNT, REGION, name),
  );
  if (from && to) copyImage(aws.world, from, to, digest, 'v1');
  seedRepository(aws.world, ACCOUNT, REGION, 'acme/copies');
  ({ password } = issueToken(aws.world, ACCOUNT, REGION, 'witness'));
});

afterAll(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

const exec = promisify(execFile);

/** Runs a program with a home of its own; the password comes on its standard input. */
async function run(program: string, args: readonly string[], input?: string): Promise<string> {
  const running = exec(program, [...args], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      DOCKER_CONFIG: folder,
      XDG_RUNTIME_DIR: join(folder, 'run'),
      COSIGN_PASSWORD: '',
    },
  });
  running.child.stdin?.end(input ?? '');
  return (await running).stdout;
}

const at = (repository: string, version = '') => `${aws.registry}/${repository}${version}`;

(hasProgram('skopeo', 'skopeo', '--version') ? describe : describe.skip)('skopeo', () => {
  it('logs in, copies an image with all its platforms, and finds the same digest', async () => {
    await run(
      'skopeo',
      ['login', '--tls-verify=false', '-u', 'AWS', '--password-stdin', aws.registry],
      password,
    );
    const to = `docker://${at('acme/copies', ':copied')}`;
    const options = ['--all', '--src-tls-verify=false', '--dest-tls-verify=false'];
    await run('skopeo', ['copy', ...options, `docker://${at('acme/orders', ':v1')}`, to]);
    const seen = JSON.parse(await run('skopeo', ['inspect', '--tls-verify=false', to]));
    expect(seen).toMatchObject({ Digest: digest, Architecture: 'amd64', Os: 'linux' });
  });

  it('is told that a tag is immutable, and that a repository is not there', async () => {
    const copy = (to: string) =>
      run('skopeo', [
        'copy',
        '--src-tls-verify=false',
        '--dest-tls-verify=false',
        `docker://${at('base/node', ':24-old')}`,
        `docker://${to}`,
      ]);
    await expect(copy(at('acme/copies', ':copied'))).rejects.toThrow(
      'cannot be overwritten because the tag is immutable',
    );
    await expect(copy(at('acme/nothing', ':x'))).rejects.toThrow(/name unknown/i);
  });
});

(hasProgram('oras', 'oras', 'version') ? describe : describe.skip)('oras', () => {
  it('attaches an artifact to an image and finds it there', async () => {
    await run('oras', ['login', '--plain-http', '-u', 'AWS', '--password-stdin', aws.registry], password);
    const image = at('acme/orders', `@${digest}`);
    await run('oras', [
      'attach',
      '--plain-http',
      '--artifact-type',
      'application/vnd.note',
      image,
      'note.txt',
    ]);
    const found = await run('oras', ['discover', '--plain-http', '--format', 'json', image]);
    expect(found).toContain('application/vnd.note');
  });
});

(hasProgram('cosign', 'cosign', 'version') ? describe : describe.skip)('cosign', () => {
  it('signs an image with a key of its own, and verifies it', async () => {
    await run('cosign', ['login', aws.registry, '-u', 'AWS', '--password-stdin'], password);
    await run('cosign', ['generate-key-pair']);
    const image = at('acme/orders', `@${digest}`);
    const local = ['--allow-http-registry', '--key'];
    await run('cosign', ['sign', '-y', '--tlog-upload=false', ...local, 'cosign.key', image]);
    const said = await run('cosign', ['verify', '--insecure-ignore-tlog', ...local, 'cosign.pub', image]);
    expect(said).toContain(digest);
  });
});
