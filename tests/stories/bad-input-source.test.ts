import { symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { ecrState, type Repository } from '@tenant-delivery/local-aws/registry/store';
import { scriptScan } from '@tenant-delivery/local-aws/services/ecr';
import { copyGitRepository } from '@tenant-delivery/local-github/git/write';
import {
  beginRun,
  expectRefusedUnrecorded,
  type Played,
  type PlayedRun,
  succeeded,
} from '../stage/played-run.ts';
import { ORDERS, openStage, pushed } from '../stage/stage.ts';

const MANIFEST = '.delivery/service.yaml';
const GOOD = 'schemaVersion: 1\ntenant: acme\nname: orders\nlayer: app\n';
const CONTAINER = 'container: { name: orders, port: 8080 }\n';
const HEALTH = 'health: { path: /healthz }\n';

let stage: Stage;
let run: PlayedRun;
beforeAll(async () => {
  stage = await openStage({ runtime: 'simulated', scale: 60 });
  run = await beginRun(stage.platform);
}, 60_000);
afterAll(() => stage.platform.close());

describe('a manifest', () => {
  const opened = async (text: string): Promise<Played> => {
    await run.write({ [MANIFEST]: text });
    return run.step('build', 'open-change');
  };

  it('that is not there is named with its path', async () => {
    const played = await run.step('build', 'open-change', { manifest: '.delivery/orders.yaml' });
    expectRefusedUnrecorded(played, 'MANIFEST_NOT_FOUND', '.delivery/orders.yaml');
  });

  it('with mistakes is refused with all of them at once, and the nearest name for each unknown key', async () => {
    const played = await opened(
      `${GOOD}contianer: { name: orders, port: 80800 }\n${HEALTH}scan: { critcal: 0 }\n`,
    );
    expectRefusedUnrecorded(played, 'MANIFEST_INVALID', 'is not a valid service manifest');
    const details = played.errors[0]?.message;
    expect(details).toMatch(/contianer.*did you mean container\?/);
    expect(details).toMatch(/scan\.critcal.*did you mean critical\?/);
    expect(details).toMatch(/container.*missing/);
  });

  it('that is no YAML, or tries to be more than data, is refused with its line', async () => {
    const tabbed = await opened(`${GOOD}container:\n\tname: orders\n`);
    expectRefusedUnrecorded(tabbed, 'MANIFEST_INVALID', /line 6/i);
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]', ...[...'bcdefgh'].map(bombLine)].join('\n');
    expectRefusedUnrecorded(await opened(`${bomb}\n`), 'MANIFEST_INVALID', 'is not a valid service manifest');
  });

  it('that asks for more than the contract allows is refused with each wish and its limit', async () => {
    const greedy = `${GOOD}${CONTAINER}${HEALTH}scaling: { min: 1, max: 40 }\nscan: { high: 5 }\n`;
    const played = await opened(greedy.replace('layer: app', 'layer: edge'));
    expectRefusedUnrecorded(played, 'MANIFEST_OUTSIDE_CONTRACT', 'asks for more than the contract allows');
    const details = played.errors[0]?.message;
    expect(details).toMatch(/scaling\.max.*40.*6/);
    expect(details).toMatch(/scan\.high.*5.*0/);
    expect(details).toMatch(/layer.*edge.*app/);
  });

  it('of another service or tenant is refused', async () => {
    const played = await opened(`${GOOD}${CONTAINER}${HEALTH}`.replace('tenant: acme', 'tenant: globex'));
    expectRefusedUnrecorded(played, 'MANIFEST_OUTSIDE_CONTRACT', /tenant.*globex.*acme/);
  });

  it('cannot put markup into a summary or commands into a log', async () => {
    const evil = '"</details><img src=x onerror=alert(1)>\\n::error::forged"';
    const played = await opened(`${GOOD}${CONTAINER}${HEALTH}${evil}: 1\n`);
    expectRefusedUnrecorded(played, 'MANIFEST_INVALID', 'onerror');
    expect(played.summary).not.toMatch(/<(img|\/details)/);
  });

  it('inputs that contradict each other are all named', async () => {
    const played = await run.step('build', 'open-change', { kind: 'rollback', mode: 'assess' });
    expectRefusedUnrecorded(played, 'INPUTS_INVALID', /./);
    expect(played.lines.join('\n')).toContain('reason is missing: say why this service is rolled back');
    expect(played.lines.join('\n')).toContain('mode is "assess": only a deploy can be assessed');
  });

  it('is assessed only where there is a pull request', async () => {
    await run.write({
      'base.yaml': `${GOOD}${CONTAINER}${HEALTH}`,
      [MANIFEST]: `${GOOD}${CONTAINER}${HEALTH}`,
    });
    const gate = await beginRun(stage.platform, { workflow: '.github/workflows/release-gate.yml' });
    const played = await gate.step('build', 'open-change', { mode: 'assess', 'base-manifest': 'base.yaml' });
    expectRefusedUnrecorded(played, 'PULL_REQUEST_REQUIRED', 'has no pull request to assess');
  });
});

const bombLine = (letter: string) => {
  const before = String.fromCharCode(letter.charCodeAt(0) - 1);
  return `${letter}: &${letter} [${Array(9).fill(`*${before}`).join(',')}]`;
};

describe('what an image is made from', () => {
  let change = '';
  let before: readonly string[];
  beforeAll(async () => {
    await run.write({ [MANIFEST]: `${GOOD}${CONTAINER}${HEALTH}` });
    change = succeeded(await run.step('build', 'open-change')).outputs['change'] ?? '';
    before = pushed(stage.platform);
  }, 30_000);

  const FROM = `ARG REGISTRY\nFROM \${REGISTRY}/base/node:24\n`;
  const built = async (
    dockerfile: string,
    inputs: Readonly<Record<string, string>> = {},
  ): Promise<Played> => {
    await run.write({ Dockerfile: dockerfile });
    return run.step('build', 'build-and-scan-image', { change, ...inputs });
  };
  const refused = (played: Played, code: string, message: RegExp | string) => {
    expectRefusedUnrecorded(played, code, message);
    expect(pushed(stage.platform)).toEqual(before);
  };

  it('an instruction that the built-in builder cannot carry out is named with its line', async () => {
    const played = await built(`${FROM}WORKDIR /srv\nRUN npm ci\nCOPY . .\nRUN npm test\n`, {
      builder: 'own',
    });
    refused(played, 'DOCKERFILE_UNSUPPORTED', /line 4.*RUN.*line 6.*RUN/);
  });

  it('a line that cannot be read is named', async () => {
    const own = { builder: 'own' }; // where a Docker engine works, buildx would say it in its own words
    refused(await built(`${FROM}WORKDIR\n`, own), 'DOCKERFILE_INVALID', 'line 3: WORKDIR has no arguments');
    refused(
      await built(`${FROM}EXPOSE http\n`, own),
      'DOCKERFILE_INVALID',
      'line 3: EXPOSE http: give a port',
    );
    refused(
      await built(`${FROM}COPPY . .\n`, own),
      'DOCKERFILE_INVALID',
      'line 3: COPPY is no instruction: did you mean COPY?',
    );
  });

  it('nothing outside of the context is copied, by path or by link', async () => {
    const climbing = await built(`${FROM}COPY ../../secret /srv/\n`, { builder: 'own' }); // buildx stays inside by itself
    refused(climbing, 'COPY_OUTSIDE_CONTEXT', '../../secret');
    const link = join(run.workspace, 'hosts');
    await symlink('/etc/hosts', link);
    const linked = await built(`${FROM}COPY hosts /srv/\n`, { builder: 'own' });
    await unlink(link);
    refused(linked, 'COPY_OUTSIDE_CONTEXT', 'hosts');
  });

  it('a file that is not there is named', async () => {
    refused(
      await built(`${FROM}COPY sever.js /srv/\n`, { builder: 'own' }),
      'COPY_SOURCE_MISSING',
      'sever.js is not there to be copied',
    );
  });

  it.each([
    ['whose tag is not there', 'base/node:99', /the repository base\/node is there, but has no image 99/],
    ['whose repository is not there', 'base/nodejs:24', /the registry has no repository base\/nodejs/],
    [
      'that the role cannot know to be there',
      'bas/node:24',
      /there is no repository bas\/node, or the build role may not read it/,
    ],
  ])('a base image %s is named, and not called a right to push', async (_, image, message) => {
    const played = await built(FROM.replace('base/node:24', image));
    refused(played, 'BASE_IMAGE_UNAVAILABLE', message);
    expect(played.errors[0]?.message).toMatch(/What to do: .*in the Dockerfile/i);
    expect(played.errors[0]?.message).not.toMatch(/push|tagged/);
  });

  it('a build argument with a reserved name is refused', async () => {
    const played = await built(FROM, { 'build-args': 'REGISTRY=example.org\nAWS_SECRET_ACCESS_KEY=x' });
    refused(played, 'BUILD_ARGUMENT_RESERVED', /REGISTRY.*AWS_SECRET_ACCESS_KEY/);
  });

  it('a folder or Dockerfile that is not there is named', async () => {
    const played = await run.step('build', 'build-and-scan-image', { change, context: 'services/orders' });
    refused(played, 'BUILD_SOURCE_MISSING', 'services/orders');
    const other = await run.step('build', 'build-and-scan-image', { change, dockerfile: 'Containerfile' });
    refused(other, 'BUILD_SOURCE_MISSING', 'Containerfile');
  });

  it('a builder that this runner does not have is not replaced in silence', async () => {
    const played = await run.step(
      'build',
      'build-and-scan-image',
      { change, builder: 'buildx' },
      { PATH: '/nowhere' },
    );
    refused(played, 'BUILDER_UNAVAILABLE', 'Docker buildx cannot export an OCI layout on this runner');
  });

  it('a checkout of another commit than that of the run is refused', async () => {
    const other = await beginRun(stage.platform);
    await stage.commit('Go on meanwhile', { VERSION: '1.0.9\n' });
    await copyGitRepository(
      join(stage.platform.folder, 'repositories/acme/orders.git'),
      join(other.workspace, '.git'),
    );
    const played = await other.step('build', 'build-and-scan-image', { change });
    refused(played, 'REVISION_DIFFERS', `but this run is about ${other.run.sha}`);
  });

  it('a repository that is absent, unsafe or not scanned is refused before anything is pushed', async () => {
    const { repositories, scanning } = ecrState(stage.platform.aws.world, ORDERS.account, ORDERS.region);
    const repository = repositories['acme/orders'] as Repository; // the contract's
    delete repositories['acme/orders'];
    const absent = await built(FROM);
    repositories['acme/orders'] = repository;
    expectRefusedUnrecorded(
      absent,
      'REPOSITORY_ABSENT',
      'There is no repository acme/orders in the registry of',
    );
    repository.tagMutability = 'MUTABLE';
    const { rules } = scanning;
    scanning.rules = [];
    const unsafe = await built(FROM);
    repository.tagMutability = 'IMMUTABLE';
    scanning.rules = rules;
    refused(unsafe, 'REPOSITORY_UNSAFE', /its tags are MUTABLE.*it is scanned MANUAL/);
  });

  it('an inspection that does not end in time is not waited for without end', async () => {
    const { world } = stage.platform.aws;
    scriptScan(world, ORDERS.account, '*', [{ kind: 'status', status: 'PENDING' }]);
    const played = await built(`${FROM}CMD ["node"]\n`, { 'scan-minutes': '1' });
    scriptScan(world, ORDERS.account, '*', []);
    expect(played.outputs).toMatchObject({ outcome: 'error', 'reason-code': 'SCAN_UNFINISHED' });
    expect(played.errors[0]?.message).toContain('time ran out while the registry says PENDING');
  });
});
