import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Built } from '@tenant-delivery/oci/builder';
import { openLayout, rootOf } from '@tenant-delivery/oci/layout';
import { platformsOf } from '@tenant-delivery/oci/platforms';
import { attaching } from '@tenant-delivery/oci/registry/attach';
import type { RegistryLogin, RegistryWriter } from '@tenant-delivery/oci/registry/port';
import { pushLayout } from '@tenant-delivery/oci/registry/push';
import { CYCLONEDX } from '@tenant-delivery/oci/sbom/cyclonedx';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { tenantSeed } from '@tenant-delivery/testkit/tenant-seed';
import { acmeSandbox, contractOf, ORDERS, type Sandbox } from '../stage/a-job.ts';
import { type Command, command } from './command.ts';
import { buildImage, registryOf } from './image.ts';

jest.setTimeout(60_000); // programs of others start slowly where much else runs

let sandbox: Sandbox;
let login: RegistryLogin;
let writer: RegistryWriter;
let built: Built;

beforeAll(async () => {
  sandbox = await acmeSandbox();
  const globex = await contractOf('globex');
  await sandbox.aws.seedTenant(globex, tenantSeed(globex));
  ({ login, writer } = await registryOf(sandbox.aws, sandbox.operator));
  const from = `${login.host}/base/node:24`;
  built = await buildImage(writer, sandbox.folder, { from, content: '// orders' });
});
afterAll(() => sandbox.close());

/** A tool that has logged in with the token of GetAuthorizationToken, with a home of its own. */
async function loggedIn(program: string, ...options: readonly string[]): Promise<Command> {
  const run = home(program);
  const args = ['login', ...options, '--username', login.username, '--password-stdin', login.host];
  await run(args, { input: login.password });
  return run;
}

function home(program: string, name = program): Command {
  const folder = join(sandbox.folder, name);
  mkdirSync(folder, { recursive: true });
  return command(program, folder, {
    DOCKER_CONFIG: folder,
    REGISTRY_AUTH_FILE: join(folder, 'config.json'),
    COSIGN_PASSWORD: 'of a key that lives for a second',
  });
}

const at = (repository: string, version: string) => `${login.host}/${repository}${version}`;

/** Pushes the image by our own client, for the tools that only look at it. */
async function pushed(tag: string): Promise<string> {
  const { digest } = await pushLayout(writer, built.layout, { repository: 'acme/orders', tag });
  return at('acme/orders', `@${digest}`);
}

describeWith('skopeo', 'skopeo on our registry', (program) => {
  let skopeo: Command;
  beforeAll(async () => {
    skopeo = await loggedIn(program, '--tls-verify=false');
  });

  const insecure = ['--src-tls-verify=false', '--dest-tls-verify=false'];
  const copy = (from: string, to: string) => ['copy', '--all', ...insecure, from, to];
  const back = (name: string) => join(sandbox.folder, name);

  test('carries an image of our builder to the registry and back, every byte unchanged', async () => {
    const { digest } = built.root;
    const image = `docker://${at('acme/orders', ':by-skopeo')}`;
    await skopeo(copy(`oci:${built.layout.folder}`, image));
    const seen = JSON.parse(await skopeo(['inspect', '--tls-verify=false', image]));
    expect(seen).toMatchObject({ Digest: digest, Architecture: 'amd64', Os: 'linux' });
    await skopeo(copy(`docker://${at('acme/orders', `@${digest}`)}`, `oci:${back('image')}:back`));
    const layout = openLayout(back('image'));
    expect(rootOf(layout).digest).toBe(digest);
    const { config, layers } = JSON.parse(layout.readBlob(digest).toString());
    for (const blob of [config, ...layers]) {
      expect(layout.readBlob(blob.digest)).toEqual(built.layout.readBlob(blob.digest));
    }
  });

  test('fetches an index with the images of all its platforms', async () => {
    const image = `docker://${at('base/node', ':24')}`;
    await skopeo(copy(image, `oci:${back('index')}:24`));
    const layout = openLayout(back('index'));
    const stored = await writer.readManifest('base/node', '24');
    expect(stored).toMatchObject({ digest: rootOf(layout).digest });
    expect(platformsOf(rootOf(layout), layout.readBlob).map(({ platform }) => platform)).toEqual([
      'linux/amd64',
      'linux/arm64',
    ]);
  });

  test('is refused other content for a tag that is immutable', async () => {
    const tag = at('acme/orders', ':taken');
    await pushed('taken');
    const said = await skopeo.refused(copy(`docker://${at('base/node', ':24-old')}`, `docker://${tag}`));
    expect(said).toContain('cannot be overwritten because the tag is immutable');
    const digest = ['inspect', '--tls-verify=false', '--format', '{{.Digest}}', `docker://${tag}`];
    expect((await skopeo(digest)).trim()).toBe(built.root.digest);
  });

  test("knows no repository of another tenant's account, neither to read nor to write", async () => {
    const theirs = `docker://${at('globex/billing', ':v1')}`;
    expect(await skopeo.refused(['inspect', '--tls-verify=false', theirs])).toContain('name unknown');
    expect(await skopeo.refused(copy(`oci:${built.layout.folder}`, theirs))).toMatch(/name unknown/);
  });

  test('is not let in with another password', async () => {
    const args = ['login', '--tls-verify=false', '--username', 'AWS', '--password-stdin', login.host];
    const said = await home(program, 'stranger').refused(args, { input: 'guessed' });
    expect(said).toContain('invalid username/password');
  });
});

describeWith('oras', 'oras on our registry', (program) => {
  test('attaches a document to an image, finds it by its type, and fetches it unchanged', async () => {
    const oras = await loggedIn(program, '--plain-http');
    const image = await pushed('for-oras');
    const type = 'application/vnd.example.sbom';
    writeFileSync(join(sandbox.folder, program, 'sbom.json'), '{"packages":[]}');
    await oras(['attach', '--plain-http', '--artifact-type', type, image, 'sbom.json:application/json']);
    const discover = async (wanted: string) => {
      const args = ['discover', '--plain-http', '--format', 'json', '--artifact-type', wanted, image];
      return JSON.parse(await oras(args)).manifests;
    };
    const [found, ...others] = await discover(type);
    expect(others).toEqual([]);
    expect(found.artifactType).toBe(type);
    expect(await discover('application/vnd.example.other')).toEqual([]);
    const pull = ['pull', '--plain-http', '--output', 'pulled', at('acme/orders', `@${found.digest}`)];
    await oras(pull);
    expect(readFileSync(join(sandbox.folder, program, 'pulled', 'sbom.json'), 'utf8')).toBe(
      '{"packages":[]}',
    );
  });
});

describeWith('oras', 'oras on what we keep beside an image', (program) => {
  test('finds the bill of materials by its type, about the image, and fetches it as a whole', async () => {
    const oras = await loggedIn(program, '--plain-http');
    const image = await pushed('with-a-bill');
    const bytes = Buffer.from('{"bomFormat":"CycloneDX","specVersion":"1.6","version":1}');
    const bill = await attaching(
      writer,
      'acme/orders',
    )({ subject: built.root, artifactType: CYCLONEDX, bytes });
    const discover = ['discover', '--plain-http', '--format', 'json', '--artifact-type', CYCLONEDX, image];
    const { manifests } = JSON.parse(await oras(discover));
    expect(manifests.map(({ digest }: { digest: string }) => digest)).toEqual([bill]);
    const fetched = ['manifest', 'fetch', '--plain-http', at('acme/orders', `@${bill}`)];
    expect(JSON.parse(await oras(fetched)).subject.digest).toBe(built.root.digest);
  });
});

describeWith('cosign', 'cosign on our registry', (program) => {
  test('signs an image beside it, verifies it with its key alone, and hides no image from ECR', async () => {
    const cosign = await loggedIn(program);
    const image = await pushed('for-cosign');
    await cosign(['generate-key-pair', '--output-key-prefix', 'ours']);
    await cosign(['generate-key-pair', '--output-key-prefix', 'theirs']);
    const local = ['--allow-http-registry', '--key'];
    await cosign(['sign', '--yes', '--tlog-upload=false', ...local, 'ours.key', image]);
    const verify = (key: string) => ['verify', '--insecure-ignore-tlog', ...local, key, image];
    const [signed] = JSON.parse(await cosign(verify('ours.pub')));
    expect(signed.critical.image['docker-manifest-digest']).toBe(built.root.digest);
    expect(await cosign.refused(verify('theirs.pub'))).toContain('no matching signatures');

    const credentials = sandbox.operator;
    const ecr = new ECRClient({ region: ORDERS.region, endpoint: sandbox.aws.url, credentials });
    const { imageDetails = [] } = await ecr.send(
      new DescribeImagesCommand({ repositoryName: 'acme/orders' }),
    );
    expect(imageDetails.map(({ imageDigest }) => imageDigest)).toContain(built.root.digest);
  });
});
