import { join } from 'node:path';
import {
  ecsStore,
  findTaskDefinition,
  type TaskDefinitionRecord,
} from '@tenant-delivery/local-aws/ecs/store';
import { copyImage, ecrState, seedRepository } from '@tenant-delivery/local-aws/services/ecr';
import { type RunResult, runWorkflow } from '@tenant-delivery/local-github';
import { commitFiles, createGitRepository } from '@tenant-delivery/local-github/git/write';
import type { LocalPlatform } from '@tenant-delivery/local-platform';
import { migrateWorkflow } from '@tenant-delivery/migration/migrate';
import { filesBeside, NAMES, workflow } from '@tenant-delivery/migration/test/corpus';
import { addOfficialActions, atMain } from './official-actions.ts';
import { runnerPrograms } from './runner-programs.ts';
import { ORDERS, openPlatform, runsOn } from './stage.ts';

const { account, region } = ORDERS;
const CONTRACT = 'tenant-delivery:contract';
const REPOSITORY = 'acme/shop';
/** What is built goes here, because acme/orders is under a contract. */
const IMAGES = 'shop/orders';

/** Every place of ECR's address in the corpus: what the file says itself, and what variables say. */
const REGISTRY =
  /(?:000011112222|\$\{\{ [\w.]+ \}\})\.dkr\.ecr\.(?:eu-west-1|\$\{\{ [\w.]+ \}\}|\$\{AWS_REGION\})\.amazonaws\.com/g;

export interface MigratedStage {
  readonly platform: LocalPlatform;
  /** Runs a workflow of the corpus after it was migrated. */
  run(name: string): Promise<RunResult>;
  /** The task definition that the service has now. */
  running(): TaskDefinitionRecord['content'];
  close(): Promise<void>;
}

/** What else a test has in the repository and on the runner, beside the corpus. */
export interface Beside {
  /** By path, with the address of the registry in them; workflows among them. */
  files(registry: string): Readonly<Record<string, string>>;
  /** Of every step; `PATH` is in front of the runner's. */
  readonly env: Readonly<Record<string, string>>;
  secrets(platform: LocalPlatform): Promise<Readonly<Record<string, string>>>;
}

/** A repository without a contract, with every workflow of the corpus as the command migrates it, on one platform. */
export async function migratedStage(beside?: Beside): Promise<MigratedStage> {
  const platform = await openPlatform({ runtime: 'simulated', scale: 100 });
  const { aws, github, folder, tenants } = platform;
  const operator = tenants['acme']?.operator;
  if (!operator) throw new Error('acme is on the platform');
  const store = ecsStore(aws.world, account, region);
  for (const tags of Object.values(store.tags)) delete tags[CONTRACT];
  const images = seedRepository(aws.world, account, region, IMAGES, { tagMutability: 'MUTABLE' });
  const base = ecrState(aws.world, account, region).repositories['base/node'];
  if (!base) throw new Error('the platform has a base image');
  const stable = copyImage(aws.world, base, images, base.tags['24'] ?? '');
  await addOfficialActions(github, folder, { ...operator, registry: aws.registry });
  const programs = runnerPrograms(folder);
  const path = join(folder, 'repositories', `${REPOSITORY}.git`);
  await createGitRepository(path);
  const author = { name: 'dev-ana', email: 'dev-ana@users.noreply.github.com' };
  const files: Readonly<Record<string, string>> = {
    ...sources(store, aws.registry),
    ...workflows(aws.registry),
    ...beside?.files(aws.registry),
  };
  const secrets = await beside?.secrets(platform);
  await commitFiles(path, { branch: 'main', files, message: 'Move over', author });
  images.tags['stable'] = stable; // what somebody else pushed
  const [owner = '', name = ''] = REPOSITORY.split('/');
  github.addRepository({
    owner,
    ownerId: 123456,
    name,
    id: 456799,
    path,
    collaborators: { 'dev-ana': 'admin' },
  });
  github.setEnvironment(REPOSITORY, { name: 'production' });
  const { env, ...others } = runsOn(platform);
  return {
    platform,
    running: () => {
      const arn = store.services['acme-prod/orders']?.settings.taskDefinition ?? '';
      const found = findTaskDefinition(store, arn);
      if (!found) throw new Error('orders runs a registered revision');
      return found.content;
    },
    run: (asked) =>
      runWorkflow({
        github,
        repository: REPOSITORY,
        workflow: `.github/workflows/${asked}.yml`,
        ref: 'refs/heads/main',
        event: /workflow_dispatch/.test(files[`.github/workflows/${asked}.yml`] ?? '')
          ? 'workflow_dispatch'
          : 'push',
        ...(asked === '07-reusable-deploy' && { inputs: { environment: 'prod', image_tag: 'stable' } }),
        actor: 'dev-ana',
        secrets: { NPM_TOKEN: 'npm-secret-of-acme', CLIENT_ID: 'client-of-acme', ...secrets },
        variables: { AWS_REGION: region, ROLE: 'deploy' },
        env: {
          ...env,
          ...beside?.env,
          PATH: [beside?.env['PATH'], programs, process.env['PATH']].filter(Boolean).join(':'),
        },
        ...others,
      }),
    close: () => platform.close(),
  };
}

/** What the workflows build and deploy. A Dockerfile without RUN needs no engine. */
function sources(store: ReturnType<typeof ecsStore>, registry: string): Readonly<Record<string, string>> {
  const running = findTaskDefinition(store, 'acme-prod-orders');
  if (!running) throw new Error('orders runs in acme-prod');
  const { content } = running;
  const [first] = content.containerDefinitions ?? [];
  const image = `${registry}/${IMAGES}:stable`;
  const definition = { ...content, containerDefinitions: [{ ...first, image }] };
  const proxy = { name: 'proxy', image, essential: false, cpu: 0, memoryReservation: 64 };
  const sidecar = { ...content, containerDefinitions: [{ ...first, image }, proxy] };
  const dockerfile = 'FROM scratch\nCOPY page /page\n';
  return {
    page: 'orders\n',
    Dockerfile: dockerfile,
    'docker/Dockerfile': dockerfile,
    'migrator/Dockerfile': dockerfile,
    'worker/Dockerfile': dockerfile,
    '.aws/task-definition.json': JSON.stringify(definition, null, 2),
    '.aws/with-sidecar.json': JSON.stringify(sidecar, null, 2),
    '.delivery/scan-policy.yaml': POLICY,
  };
}

const POLICY = `schemaVersion: 1
critical: 0
high: unlimited
medium: unlimited
low: unlimited
informational: unlimited
unknown: unlimited
`;

/** The corpus as it is migrated, with what is here in place of what is outside. */
function workflows(registry: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const migration = migrateWorkflow(workflow(name), undefined, filesBeside(name));
      if (!('text' in migration)) throw new Error(`${name} is not read`);
      const text = atMain(migration.text)
        .replace(REGISTRY, registry)
        .replace(/\bacme\/(orders|\$\{\{ matrix)/g, 'shop/$1')
        .replace(/^ *load: true\n/gm, '') // into an engine that this machine may not have
        .replace(/^ *builder: buildx\n/gm, '')
        .replace(/^( *)contract: none\n(?= *tags:)/gm, '$1contract: none\n$1builder: own\n');
      if (name !== '27-composite-action') return [[`.github/workflows/${name}.yml`, text]];
      return [
        ['action/action.yml', text],
        [`.github/workflows/${name}.yml`, CALLER],
      ];
    }),
  );
}

const CALLER = `on: workflow_dispatch
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: aws-actions/configure-aws-credentials@main
        with: { aws-region: eu-west-1, role-to-assume: deploy }
      - id: image
        uses: ./action
        with: { repository: ${IMAGES}, tag: composite }
      - run: test -n "\${{ steps.image.outputs.image }}"
`;
