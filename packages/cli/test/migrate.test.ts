import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { migrate } from '../src/commands/migrate.ts';

const cwd = mkdtempSync(join(tmpdir(), 'td-migrate-'));
afterAll(() => rmSync(cwd, { recursive: true }));

const deploy = (more: string) => `on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2
        with: # where it goes
          service: web
          task-definition: task.json
${more}`;

/** The command as a person types it. */
async function typed(text: string | undefined, ...words: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  if (text !== undefined) writeFileSync(join(cwd, 'w.yml'), text);
  const io = {
    cwd,
    env: {},
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
    interrupted: new AbortController().signal,
  };
  const code = await migrate(words, io);
  return { code, out: out.join('\n'), err: err.join('\n'), file: readFileSync(join(cwd, 'w.yml'), 'utf8') };
}

test('prints the workflow, reports apart from it, and changes no file', async () => {
  const { code, out, err, file } = await typed(deploy(''), 'w.yml');
  expect(code).toBe(0);
  expect(out).toContain('uses: OWNER/tenant-delivery/actions/deploy-ecs-service@');
  expect(out).toContain('#   with: # where it goes');
  expect(err).toMatch(/^w\.yml: migrated whole\./);
  expect(file).toBe(deploy(''));
});

test('writes it when asked, and finds nothing to do the second time', async () => {
  const first = await typed(deploy(''), 'w.yml', '--write');
  expect(first).toMatchObject({ code: 0, out: '' });
  expect(first.file).toContain('deploy-ecs-service');
  const second = await typed(undefined, 'w.yml', '--write');
  expect(second).toMatchObject({ code: 4, file: first.file });
});

test('the actions are where --uses says, and without it the report says what to replace', async () => {
  const todo = /To do by hand:\n {2}- Put your repository .*`OWNER\/tenant-delivery` and `@v0\.1\.0`.*--uses/;
  expect((await typed(deploy(''), 'w.yml')).err).toMatch(todo);
  const given = await typed(deploy(''), 'w.yml', '--uses', 'acme/our.delivery@4f1c2e9', '--write');
  expect(given.file).toContain('      - uses: acme/our.delivery/actions/deploy-ecs-service@4f1c2e9\n');
  expect(given.file).not.toContain('OWNER');
  expect(given.err).not.toContain('Put your repository');
  expect(given.err).toContain(
    'https://github.com/acme/our.delivery/blob/4f1c2e9/actions/deploy-ecs-service/README.md#without-a-contract',
  );
  expect((await typed('on: push\njobs: {}\n', 'w.yml')).err).not.toContain('To do by hand');
});

test.each([
  'acme/tenant-delivery',
  'tenant-delivery@v1',
  'acme/td@',
  'acme/td/actions@v1',
  'acme/td@v1 # x',
  'a/b@v1\nrun: x',
])('a --uses that is not OWNER/REPO@REF changes nothing: %j', async (uses) => {
  expect(await typed(deploy(''), 'w.yml', '--write', '--uses', uses)).toMatchObject({
    code: 2,
    err: expect.stringContaining('is not OWNER/REPO@REF'),
    file: deploy(''),
  });
});

test.each([
  [deploy('          unheard-of: yes\n'), 3],
  ['on: push\njobs: {}\n', 4],
  ['a: b: c\n', 1],
])('the exit code tells whole, in part, nothing and no workflow apart', async (text, code) => {
  expect(await typed(text, 'w.yml', '--write')).toMatchObject({ code, file: text });
});

test('a service that must leave CodeDeploy first has an exit code of its own, and the AppSpec file is read', async () => {
  const folder = join(cwd, 'web/.github/workflows');
  mkdirSync(folder, { recursive: true });
  const appspec = (name: string) =>
    `Resources: [{ s: { Type: AWS::ECS::Service, Properties: { LoadBalancerInfo: { ContainerName: ${name} } } } }]`;
  writeFileSync(join(cwd, 'web/appspec.yaml'), appspec('front'));
  writeFileSync(join(cwd, 'outside.yaml'), appspec('outside'));
  const by = (more: string) => deploy(`          codedeploy-application: web\n${more}`);
  writeFileSync(join(folder, 'deploy.yml'), by(''));
  writeFileSync(join(folder, 'up.yml'), by('          codedeploy-appspec: ../outside.yaml\n'));
  expect(await typed('', 'web/.github/workflows/deploy.yml')).toMatchObject({
    code: 5,
    err: expect.stringContaining('"containerName":"front"'),
  });
  expect((await typed('', 'web/.github/workflows/up.yml')).err).toContain('"containerName":"CONTAINER"');
  expect((await typed('', 'web')).code).toBe(5);
  const organisations = join(cwd, 'web/.github/.github/workflows'); // GitHub keeps an organisation's workflows in `.github`
  mkdirSync(organisations, { recursive: true });
  writeFileSync(join(organisations, 'deploy.yml'), by(''));
  const { err } = await typed('', 'web/.github/.github/workflows/deploy.yml');
  expect(err).toContain('"containerName":"CONTAINER"');
});

test('a wrong word and a file that is not there are told with the usage', async () => {
  expect(await typed(deploy(''), 'no.yml')).toMatchObject({
    code: 2,
    err: expect.stringContaining('there is no such file'),
  });
  expect(await typed(deploy(''))).toMatchObject({
    code: 2,
    err: expect.stringContaining('Name one workflow file, or one folder'),
  });
});

test('a folder is told in a table, with the reason of what is left, and is not changed', async () => {
  const folder = join(cwd, 'shop/.github/workflows');
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(cwd, 'shop/node_modules'));
  writeFileSync(join(folder, 'deploy.yml'), deploy(''));
  writeFileSync(join(folder, 'blue.yml'), deploy('          codedeploy-application: web\n'));
  writeFileSync(join(folder, 'odd.yml'), deploy('          unheard-of: yes\n'));
  const push = '      - run: docker push 111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1\n';
  writeFileSync(join(folder, 'built.yml'), `${deploy('')}${push}`);
  writeFileSync(join(folder, 'test.yaml'), 'on: push\njobs: {}\n');
  writeFileSync(join(folder, 'broken.yml'), 'a: b: c\n');
  writeFileSync(join(cwd, 'shop/compose.yml'), 'services: {}\n');
  writeFileSync(join(cwd, 'shop/node_modules/action.yml'), deploy(''));
  const { code, out } = await typed(deploy(''), 'shop');
  expect(code).toBe(3);
  expect(out.split('\n')).toEqual([
    '| file | builds for ECR | deploys to ECS | what is left, and why |',
    '|---|---|---|---|',
    expect.stringMatching(
      /^\| \.github\/workflows\/blue\.yml \| {2}\| whole after a move \| line 6, .*first move the service web from CodeDeploy/,
    ),
    expect.stringMatching(
      /^\| \.github\/workflows\/broken\.yml \| not read \| not read \| line 1, column \d+: it is not YAML/,
    ),
    expect.stringMatching(
      /^\| \.github\/workflows\/built\.yml \| in part \| whole \| line 10, .*`docker push .*no build of this job/,
    ),
    '| .github/workflows/deploy.yml |  | whole |  |',
    expect.stringMatching(/^\| \.github\/workflows\/odd\.yml \| {2}\| in part \| line 6, .*`unheard-of`/),
    '',
    '6 files: 1 whole (25 %), 1 whole once a service is moved from CodeDeploy, 2 in part, 1 with nothing to migrate, 1 not read.',
    '1 with builds for ECR: 0 whole (0 %), 1 in part.',
    '4 with deploys to ECS: 2 whole (50 %), 1 whole once a service is moved from CodeDeploy, 1 in part.',
  ]);
  expect(await typed(deploy(''), 'shop', '--write')).toMatchObject({
    code: 2,
    err: expect.stringContaining('shop is a folder. --write changes one file'),
  });
  expect(readFileSync(join(folder, 'deploy.yml'), 'utf8')).toBe(deploy(''));
});
