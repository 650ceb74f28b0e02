import { describe, expect, test } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { containersOf } from '@tenant-delivery/deployment/task-definition/task-definition';
import type { Digest, Json } from '@tenant-delivery/domain';
import { type AloneStory, aDeployAlone } from '../a-deploy-alone.ts';
import { aDocument, FAMILY } from '../an-ecs.ts';

const REGISTRY = '127.0.0.1:5000';
const ONE: Digest = `sha256:${'1'.repeat(64)}`;
const TWO: Digest = `sha256:${'2'.repeat(64)}`;
const TAGGED = `${REGISTRY}/acme/orders:v2`;
const ASKED = { resolve: 'tag', images: `orders=${TAGGED}` };
const FOUND: AloneStory = { tagged: { 'acme/orders:v2': [ONE] } };

/** Images by container of what the service runs now. */
function running({ ecs }: ReturnType<typeof aDeployAlone>): Readonly<Record<string, Json | undefined>> {
  const document = ecs.definitions.get(ecs.service().taskDefinition)?.document ?? {};
  return Object.fromEntries(containersOf(document).map(({ name, image }) => [String(name), image]));
}

/** A file with the service's own container and others beside it, each by its image. */
function fileWith(images: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [own = {}] = containersOf(aDocument(''));
  const containers = Object.entries(images).map(([name, image]) =>
    name === 'orders' ? { ...own, image } : { name, image, memory: 64, essential: false },
  );
  return {
    'td.json': JSON.stringify({ ...aDocument(''), family: FAMILY, containerDefinitions: containers }),
  };
}

describe('a tag that is resolved', () => {
  test('is asked for once, deployed as the digest that it was, and told in log, outputs and summary', async () => {
    const made = aDeployAlone(FOUND);
    const { outcome, runner } = await made.act('deploy', ASKED);
    expect(outcome).toMatchObject({ outcome: 'deployed', ok: true });
    expect(made.asked).toEqual(['acme/orders:v2']);
    expect(running(made)).toEqual({ orders: `${REGISTRY}/acme/orders@${ONE}` });
    expect(runner.log).toContain(`orders: ${TAGGED} is ${ONE}`);
    expect(runner.outputs['images']).toBe(`orders=${REGISTRY}/acme/orders@${ONE}`);
    expect(outcome.summary).toContain(`- \`orders\`: \`${TAGGED}\` is \`${ONE}\``);
    expect(outcome.facts).toMatchObject({ tags: [{ container: 'orders', tagged: TAGGED }] });
  });

  test('that moves after it was read changes nothing: what was told is what is registered', async () => {
    const files = fileWith({ orders: TAGGED, agent: 'nginx:1' });
    const made = aDeployAlone({ tagged: { 'acme/orders:v2': [ONE, TWO] }, files });
    await made.ecs.deployer.update({ taskDefinition: made.ecs.define(aDocument(`x@${TWO}`)).arn });
    // Another deployment is waited for, and the plan made again from what it left.
    await made.act('deploy', { resolve: 'tag', 'task-definition': 'td.json', 'if-in-progress': 'wait' });
    expect(running(made)).toEqual({ orders: `${REGISTRY}/acme/orders@${ONE}`, agent: 'nginx:1' });
    expect(made.asked).toHaveLength(1);
  });

  test('that moves between plan and deploy is shown by each, and the images of the plan are what can be handed on', async () => {
    const made = aDeployAlone({ tagged: { 'acme/orders:v2': [ONE, TWO] } });
    const plan = await made.act('plan', ASKED);
    expect(plan.outcome.summary).toContain(ONE);
    await made.act('deploy', { images: plan.runner.outputs['images'] ?? '' });
    expect(running(made)).toEqual({ orders: `${REGISTRY}/acme/orders@${ONE}` });
    await made.act('deploy', ASKED);
    expect(running(made)).toEqual({ orders: `${REGISTRY}/acme/orders@${TWO}` });
  });

  test('is found in the file, in the patch and in what runs, and a tag elsewhere is left to ECS with a warning', async () => {
    const agent = 'public.ecr.aws/aws-observability/aws-otel-collector:v0.40.0';
    const files = fileWith({ orders: `${REGISTRY}/acme/orders`, agent, proxy: 'nginx' });
    const made = aDeployAlone({ tagged: { 'acme/orders:latest': [ONE], 'acme/proxy:3': [TWO] }, files });
    const { outcome, runner } = await made.act('deploy', {
      resolve: 'tag',
      'task-definition': 'td.json',
      'task-definition-patch': `containerDefinitions: { proxy: { image: "${REGISTRY}/acme/proxy:3", stopTimeout: 5 } }`,
    });
    expect(outcome).toMatchObject({ outcome: 'deployed' });
    expect(running(made)).toEqual({
      orders: `${REGISTRY}/acme/orders@${ONE}`,
      agent,
      proxy: `${REGISTRY}/acme/proxy@${TWO}`,
    });
    expect(runner.log).toContainEqual(expect.stringMatching(`^warning: agent runs ${agent}, a tag: `));
    expect(runner.outputs['images']).toBe(
      `orders=${REGISTRY}/acme/orders@${ONE}\nproxy=${REGISTRY}/acme/proxy@${TWO}`,
    );
  });

  test('of what runs is resolved though nothing else is asked for', async () => {
    const made = aDeployAlone(FOUND);
    await made.ecs.deployer.update({ taskDefinition: made.ecs.define(aDocument(TAGGED)).arn });
    await made.clock.sleep(60_000);
    await made.act('deploy', { resolve: 'tag' });
    expect(running(made)).toEqual({ orders: `${REGISTRY}/acme/orders@${ONE}` });
  });

  test('in several containers is asked for once, so that all of them run the same', async () => {
    const files = fileWith({ orders: TAGGED, worker: TAGGED });
    const made = aDeployAlone({ tagged: { 'acme/orders:v2': [ONE, TWO] }, files });
    await made.act('deploy', { resolve: 'tag', 'task-definition': 'td.json' });
    const image = `${REGISTRY}/acme/orders@${ONE}`;
    expect([running(made), made.asked]).toEqual([{ orders: image, worker: image }, ['acme/orders:v2']]);
  });

  test('beside a digest is dropped, and ECR not asked', async () => {
    const made = aDeployAlone();
    await made.act('deploy', { resolve: 'tag', images: `orders=${TAGGED}@${TWO}` });
    expect([running(made), made.asked]).toEqual([{ orders: `${REGISTRY}/acme/orders@${TWO}` }, []]);
  });

  test('to an image that the platform cannot run is refused before anything is changed', async () => {
    const made = aDeployAlone(FOUND);
    const arm = { 'task-definition-patch': 'runtimePlatform: { cpuArchitecture: ARM64 }' };
    await expect(made.act('deploy', { ...ASKED, ...arm })).rejects.toMatchObject({
      code: 'PREFLIGHT_FAILED',
    });
    expect(made.ecs.calls).toEqual([]);
  });
});

describe('a service that runs a tag', () => {
  test('is restarted with it where nothing but a new deployment is asked for', async () => {
    const made = aDeployAlone();
    const tagged = made.ecs.define(aDocument(`${REGISTRY}/acme/orders:latest`)).arn;
    await made.ecs.deployer.update({ taskDefinition: tagged });
    await made.clock.sleep(60_000);
    const { outcome } = await made.act('deploy', { 'service-update': 'forceNewDeployment: true' });
    expect(outcome).toMatchObject({ outcome: 'deployed', ok: true });
    expect(made.ecs.updates.slice(1)).toEqual([
      { taskDefinition: tagged, members: { forceNewDeployment: true } },
    ]);
    expect(made.asked).toEqual([]);
  });
});

describe('an image without a container', () => {
  test('goes to the one that runs an image of its repository, by tag or by digest', async () => {
    const made = aDeployAlone({ tagged: { 'acme/orders:latest': [ONE] } });
    await made.act('deploy', { resolve: 'tag', images: `${REGISTRY}/acme/orders` });
    expect(running(made)).toEqual({ orders: `${REGISTRY}/acme/orders@${ONE}` });
    await made.act('deploy', { images: `${REGISTRY}/acme/orders@${TWO}` });
    expect(running(made)).toEqual({ orders: `${REGISTRY}/acme/orders@${TWO}` });
  });

  test('of a tag that moved is deployed on every run, as a forced deployment of :latest was', async () => {
    const made = aDeployAlone({ tagged: { 'acme/orders:latest': [ONE, ONE, TWO] } });
    const asked = { resolve: 'tag', images: `${REGISTRY}/acme/orders:latest` };
    const outcomes = [];
    for (const _ of [1, 2, 3]) outcomes.push((await made.act('deploy', asked)).outcome.outcome);
    expect(outcomes).toEqual(['deployed', 'unchanged', 'deployed']);
    expect(running(made)).toEqual({ orders: `${REGISTRY}/acme/orders@${TWO}` });
  });

  test.each<[string, string, RegExp]>([
    [
      'no container',
      `${REGISTRY}/acme/shop:1`,
      /images: no container runs an image of .*acme\/shop; there are orders \(.*acme\/orders:1\), worker \(.*:2\): write/,
    ],
    [
      'several containers',
      `${REGISTRY}/acme/orders:1`,
      /images: orders and worker run different images of .*acme\/orders: write/,
    ],
  ])('is refused where %s could be meant, by their names', async (_, image, says) => {
    const files = fileWith({ orders: `${REGISTRY}/acme/orders:1`, worker: `${REGISTRY}/acme/orders:2` });
    const made = aDeployAlone({ files, tagged: { 'acme/orders:1': [ONE] } });
    const asked = { resolve: 'tag', images: image, 'task-definition': 'td.json' };
    await expect(made.act('deploy', asked)).rejects.toMatchObject({
      code: 'DEPLOY_REQUEST_INVALID',
      message: expect.stringMatching(says),
    });
  });

  test('goes to all that run one image', async () => {
    const both = `${REGISTRY}/acme/orders:1`;
    const made = aDeployAlone({
      files: fileWith({ orders: both, worker: both }),
      tagged: { 'acme/orders:2': [TWO] },
    });
    const asked = { resolve: 'tag', images: `${REGISTRY}/acme/orders:2`, 'task-definition': 'td.json' };
    await made.act('deploy', asked);
    expect(running(made)).toEqual({
      orders: `${REGISTRY}/acme/orders@${TWO}`,
      worker: `${REGISTRY}/acme/orders@${TWO}`,
    });
  });

  test('of another service is left out where that is asked for, and said; one must be of this service', async () => {
    const made = aDeployAlone({ tagged: { 'acme/orders:2': [TWO] } });
    const [own, other] = [`${REGISTRY}/acme/orders:2`, `${REGISTRY}/acme/shop:2`];
    const asked = { resolve: 'tag', 'unused-images': 'leave-out' };
    await expect(made.act('deploy', { ...asked, images: other })).rejects.toMatchObject({
      code: 'DEPLOY_REQUEST_INVALID',
      message: expect.stringMatching(
        /no container runs an image of .*acme\/shop; there are orders \(.*acme\/orders@sha256/,
      ),
    });
    await expect(made.act('deploy', { resolve: 'tag', images: `${other}\n${own}` })).rejects.toMatchObject({
      code: 'DEPLOY_REQUEST_INVALID',
    });
    expect(made.ecs.calls).toEqual([]);
    const { runner } = await made.act('deploy', { ...asked, images: `${other}\n${own}` });
    expect(running(made)).toEqual({ orders: `${REGISTRY}/acme/orders@${TWO}` });
    expect(runner.log).toContain(`No container runs an image like ${other}: it is left out`);
    expect(made.asked).not.toContain('acme/shop:2');
  });

  test('is refused beside one with that container, and with a tag that nobody asked to resolve', async () => {
    const made = aDeployAlone(FOUND);
    const both = `orders=${REGISTRY}/acme/orders@${ONE}\n${REGISTRY}/acme/orders@${TWO}`;
    await expect(made.act('deploy', { images: both })).rejects.toMatchObject({
      message: expect.stringMatching(/images\.orders: has two images/),
    });
    await expect(made.act('deploy', { images: TAGGED })).rejects.toMatchObject({
      code: 'INPUTS_INVALID',
      message: expect.stringMatching(
        /images: .*:v2 has a tag, which may move; give its digest, or `resolve: tag`/,
      ),
    });
  });
});

describe('a tag is refused, with nothing changed,', () => {
  const OTHERS = '999911112222.dkr.ecr.eu-west-1.amazonaws.com/acme/orders:v2';
  test.each<[string, Readonly<Record<string, string>>, AloneStory, RegExp]>([
    ['that is absent', ASKED, {}, /images\.orders: .* has no image with the tag v2 in acme\/orders/],
    [
      'in a repository that is absent',
      ASKED,
      { tagged: { 'acme/orders:v2': ['no repository'] } },
      /images\.orders: .* has no repository acme\/orders/,
    ],
    [
      "of another account's registry",
      { ...ASKED, images: `orders=${OTHERS}` },
      {},
      /images\.orders: is 999911112222\.dkr.*, which is not in the registry of account 000011112222 in eu-west-1/,
    ],
    ['of Docker Hub', { ...ASKED, images: 'orders=nginx:1' }, {}, /images\.orders: is nginx:1, which is not/],
    [
      'that is absent, in a file, beside every other mistake',
      { resolve: 'tag', 'task-definition': 'td.json', 'environment-variables': 'order: { A: b }' },
      { files: fileWith({ orders: TAGGED }) },
      /task-definition\.containerDefinitions\.orders\.image: .*has no image.*; environment-variables\.order: there is no such container/,
    ],
  ])('%s', async (_, inputs, story, says) => {
    for (const mode of ['plan', 'deploy'] as const) {
      const made = aDeployAlone(story);
      await expect(made.act(mode, inputs)).rejects.toMatchObject({
        code: 'DEPLOY_REQUEST_INVALID',
        message: expect.stringMatching(says),
      });
      expect(made.ecs.calls).toEqual([]);
    }
  });

  test('that could not be looked up, which is never taken for absent', async () => {
    const denied = new Failure('AWS_DENIED', 'AWS denied ecr:BatchGetImage', 'Allow it.');
    const made = aDeployAlone({ tagged: { 'acme/orders:v2': [denied] } });
    await expect(made.act('deploy', ASKED)).rejects.toBe(denied);
    expect(made.ecs.calls).toEqual([]);
  });
});
