import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { ecrState } from '@tenant-delivery/local-aws/services/ecr';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { type MigratedStage, migratedStage } from '../stage/migrated-stage.ts';
import { atMain } from '../stage/official-actions.ts';
import { stepsIn } from '../stage/page.ts';
import { errorsOf, logOf, ORDERS } from '../stage/stage.ts';
import { registryOf } from './image.ts';

// The steps of docs/coming-from-amazon-ecs-deploy-task-definition.md that take a digest from Docker, taken out of the page and
// run with Docker itself: it builds, pushes to the local ECR, and says which digest that was.

jest.setTimeout(300_000); // an engine is slow where much else runs

const PAGE = new URL('../../docs/coming-from-amazon-ecs-deploy-task-definition.md', import.meta.url);
const REPOSITORY = 'shop/orders';
const { account, region } = ORDERS;

/** Names of the workflows, with the steps of the page that each has. */
const RECIPES = Object.fromEntries(
  stepsIn(readFileSync(PAGE, 'utf8')).flatMap(({ text }): [string, string][] => {
    if (!text.includes('RepoDigests')) return [];
    return [[text.includes('docker compose') ? 'after-compose' : 'after-push', text]];
  }),
);

const suite = () => {
  const folder = mkdtempSync(join(tmpdir(), 'td-recipes-'));
  let stage: MigratedStage | undefined;
  beforeAll(async () => {
    const programs = join(folder, 'programs'); // in front of the stage's own stand-in for Docker
    mkdirSync(programs);
    symlinkSync(execFileSync('sh', ['-c', 'command -v docker']).toString().trim(), join(programs, 'docker'));
    stage = await migratedStage({
      files: (registry) => ({
        'compose.yaml': composeOf(registry),
        ...Object.fromEntries(
          Object.entries(RECIPES).map(([name, steps]) => [
            `.github/workflows/${name}.yml`,
            workflowOf(steps, registry),
          ]),
        ),
        '.github/workflows/caches.yml': cachesOf(registry),
        '.github/workflows/cache-at-github.yml': cacheAtGithubOf(registry),
        'cached/Dockerfile':
          'FROM scratch AS deps\nCOPY page /deps\nFROM scratch\nCOPY --from=deps /deps /page\n',
      }),
      env: {
        PATH: programs,
        DOCKER_CONFIG: join(folder, 'config'),
        ...(process.env['DOCKER_HOST'] && { DOCKER_HOST: process.env['DOCKER_HOST'] }),
      },
      secrets: async ({ aws, tenants }) => {
        const operator = tenants['acme']?.operator;
        if (!operator) throw new Error('acme is on the platform');
        return { REGISTRY_PASSWORD: (await registryOf(aws, operator)).login.password };
      },
    });
  });
  afterAll(async () => {
    await stage?.close();
    rmSync(folder, { recursive: true });
  });

  const deploysWhatWasPushed = async (name: string) => {
    if (!stage) throw new Error('there is no stage');
    const { repositories } = ecrState(stage.platform.aws.world, account, region);
    const before = new Set(Object.values(repositories[REPOSITORY]?.tags ?? {}));
    const result = await stage.run(name);
    expect([errorsOf(result), result.conclusion, logOf(result).slice(-3000)]).toEqual([
      [],
      'success',
      expect.any(String),
    ]);
    const pushed = Object.values(repositories[REPOSITORY]?.tags ?? {}).filter(
      (digest) => !before.has(digest),
    );
    const [running] = stage.running().containerDefinitions ?? [];
    expect(running?.image).toBe(`${stage.platform.aws.registry}/${REPOSITORY}@${pushed[0]}`);
    expect(pushed).toHaveLength(1);
  };

  test('after docker push, the digest that Docker pushed is what is deployed', () =>
    deploysWhatWasPushed('after-push'));

  describeWith(
    'cache-at-github',
    'with a BuildKit that speaks the second version of its cache service:',
    () => {
      test('a build with buildx keeps its steps in the cache of GitHub Actions, and the next one has them', async () => {
        if (!stage) throw new Error('there is no stage');
        const result = await stage.run('cache-at-github');
        const log = logOf(result);
        expect([errorsOf(result), result.conclusion, log.slice(-3000)]).toEqual([
          [],
          'success',
          expect.any(String),
        ]);
        expect(log).toMatch(/exporting to GitHub Actions Cache/);
        expect(log).toMatch(/importing cache manifest from gha/);
        expect(log).toMatch(/^#\d+ CACHED$/m); // the last step; what comes before it is not even looked at
        const kept = [...stage.platform.github.world.caches.entries.values()].flat();
        expect(kept.map(({ key }) => key.replace(/[0-9a-f]{64}$/, '…'))).toEqual(
          expect.arrayContaining([
            'buildkit-blob-1-sha256:…',
            expect.stringMatching(/^index-web-1-\w{8}#1$/),
          ]),
        );
        expect(kept.every(({ finished, scope }) => finished && scope === 'refs/heads/main')).toBe(true);
      });
    },
  );

  describeWith('compose', 'with Compose itself:', () => {
    test('after docker compose push, the digest that it pushed is what is deployed', () =>
      deploysWhatWasPushed('after-compose'));
  });

  test('a build with buildx finds its caches in the registry and in the image, is loaded, and is not pushed', async () => {
    if (!stage) throw new Error('there is no stage');
    const result = await stage.run('caches');
    const log = logOf(result);
    expect([errorsOf(result), result.conclusion, log.slice(-3000)]).toEqual([
      [],
      'success',
      expect.any(String),
    ]);
    expect(log.match(/importing cache manifest from/g)).toHaveLength(2);
    // of the registry's cache both stages, and of the image's own only what is in the image
    expect(log.match(/^#\d+ CACHED$/gm)?.length).toBeGreaterThanOrEqual(3);
    const { repositories } = ecrState(stage.platform.aws.world, account, region);
    expect(Object.keys(repositories[REPOSITORY]?.tags ?? {})).toEqual(
      expect.arrayContaining(['cached', 'cache']),
    );
    expect(Object.keys(repositories[REPOSITORY]?.tags ?? {})).not.toContain('unpushed');
  });
};

/** What is deployed, what only tests need, and what another pushes: compose pushes the first alone. */
function composeOf(registry: string): string {
  return `services:
  orders:
    build: .
    image: ${registry}/${REPOSITORY}:$GITHUB_SHA
    depends_on: [database]
  seed:
    build: .
  database:
    image: postgres:16
`;
}

/** Builds that differ in nothing; in between, the engine forgets what it has built. */
function cachesOf(registry: string): string {
  const image = `${registry}/${REPOSITORY}`;
  const build = (inputs: string) => `
      - uses: OWNER/tenant-delivery/actions/build-and-scan-image@v0.1.0
        with:
          contract: none
          builder: buildx
          dockerfile: cached/Dockerfile
${inputs.replace(/^(?=.)/gm, '          ')}`;
  return atMain(`${job(registry)}${build(`push: true
tags: ${image}:cached
cache-to: |
  type=registry,ref=${image}:cache,mode=max
  type=inline
`)}
      - run: docker builder prune --all --force
${build(`push: false
load: true
tags: shop/orders:loaded
cache-from: type=registry,ref=${image}:cache
`)}
      - run: |
          docker image inspect shop/orders:loaded > /dev/null
          docker builder prune --all --force
${build(`push: false
tags: ${image}:unpushed
cache-from: type=registry,ref=${image}:cached
`)}`);
}

/** As those above, with the cache of GitHub Actions. */
function cacheAtGithubOf(registry: string): string {
  const build = (name: string, cache: string) => `
      - uses: OWNER/tenant-delivery/actions/build-and-scan-image@v0.1.0
        with:
          contract: none
          builder: buildx
          dockerfile: cached/Dockerfile
          tags: ${registry}/${REPOSITORY}:${name}
          ${cache}: type=gha,scope=web${cache === 'cache-to' ? ',mode=max' : ''}
`;
  return atMain(`${job(registry)}${build('kept', 'cache-to')}
      - run: docker builder prune --all --force
${build('again', 'cache-from')}`);
}

/** The steps of the page in a job, with what is here in place of what is outside. */
function workflowOf(steps: string, registry: string): string {
  const here = atMain(steps)
    .replaceAll('111122223333.dkr.ecr.eu-west-1.amazonaws.com/web', `${registry}/${REPOSITORY}`)
    .replace('images: web=', 'images: orders=')
    .replace('cluster: main', 'cluster: acme-prod')
    .replace('service: web', 'service: orders');
  return `${job(registry)}${here.replace(/^steps:\n/, '').replace(/^(?=.)/gm, '    ')}`;
}

/** A job with what those steps need before them. */
function job(registry: string): string {
  return `on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: aws-actions/configure-aws-credentials@main
        with: { aws-region: ${region}, role-to-assume: deploy }
      - run: |
          date > page # an image that nobody pushed before
          echo "$PASSWORD" | docker login --username AWS --password-stdin ${registry}
        env:
          PASSWORD: \${{ secrets.REGISTRY_PASSWORD }}
`;
}

test('the page has both recipes', () => {
  expect(Object.keys(RECIPES)).toEqual(['after-push', 'after-compose']);
});

describeWith('docker', 'recipes of the page, with Docker itself:', suite);
