import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { ecrState } from '@tenant-delivery/local-aws/services/ecr';
import { resolveCommit } from '@tenant-delivery/local-github/git/resolve';
import { setRef } from '@tenant-delivery/local-github/git/write';
import { repositoryNamed } from '@tenant-delivery/local-github/world/repository';
import { umbrellaContract } from '@tenant-delivery/local-platform';
import { releaseHere, root } from '@tenant-delivery/local-platform/provider-repository';
import { describeWith, tool } from '@tenant-delivery/testkit/optional-tool';
import { clicksOf } from '../stage/clicks.ts';
import { stepsIn } from '../stage/page.ts';
import { type Reader, readerIn, SCALE } from '../stage/reader.ts';
import { openStage } from '../stage/stage.ts';
import { command } from '../witnesses/command.ts';
import { registryOf } from '../witnesses/image.ts';

const pageOf = (name: string) => readFileSync(join(root, 'docs', `${name}.md`), 'utf8');
/** Each step with its number, so that a failure says where the reader is. */
const numbered = (page: string) =>
  stepsIn(page).map((step, at) => [`${at + 1}. ${step.text.split('\n')[0]}`, step] as const);

const { tag } = releaseHere();
const [major, minor = ''] = tag.split('.');
const next = `${major}.${Number(minor) + 1}.0`;
const contract = umbrellaContract();
const clicks = clicksOf(contract);
const escaped = (version: string) => version.replaceAll('.', '\\.');
const upgrading = pageOf('upgrading')
  .replaceAll('v0.2.0', next)
  .replaceAll(escaped('v0.1.0'), escaped(tag))
  .replaceAll('v0.1.0', tag);
const REGION = 'eu-west-1';
const skopeo = tool('skopeo');

/** GitHub has no environment yet, and the account no image: what its registry had is the public image of the guide. */
async function clearGround({ platform }: Stage, folder: string): Promise<Record<string, string>> {
  const { aws, github, tenants } = platform;
  for (const repository of [contract.operations.repository, 'umbrella/shop'])
    repositoryNamed(github.world, repository).environments.clear();
  const { operator } = tenants['umbrella'] ?? missing();
  const { login } = await registryOf(aws, operator);
  const image = `oci:${folder}/node:24`;
  const from = ['--src-tls-verify=false', '--src-creds', `${login.username}:${login.password}`];
  const skopeo = command('skopeo', folder);
  await skopeo(['copy', '--all', ...from, `docker://${login.host}/base/node:24`, image]);
  delete ecrState(aws.world, contract.account, REGION).repositories['base/node'];
  return {
    'docker://docker.io/library/node:24': image,
    [`${contract.account}.dkr.ecr.${REGION}.amazonaws.com`]: login.host,
  };
}

/** The contract of the page, with the digest that was printed. The numbers that GitHub printed are in it. */
function agreed(text: string, printed: ReadonlyMap<string, string>): string {
  const numbers = [...printed].filter(([asked]) => asked.startsWith('gh api')).map(([, number]) => number);
  expect(numbers).toHaveLength(3);
  for (const number of numbers) expect(text).toMatch(new RegExp(`\\b${number}\\b`));
  const [digest] = [...printed.values()].filter((said) => said.startsWith('sha256:'));
  return text.replace(/sha256:0+/, digest ?? missing());
}

function missing(): never {
  throw new Error('nobody said it');
}

describeWith(
  'aws',
  'a tenant by the steps of the guide, in their order',
  (program) => {
    let stage: Stage;
    let folder = '';
    let reader: Reader;
    const printed = new Map<string, string>();

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'onboarding-'));
      const directory = join(folder, 'aws');
      stage = await openStage({ scale: SCALE, contracts: [], bare: [contract], directory });
      reader = await readerIn(folder, stage, {
        ...{ aws: program, next, contract: 'tenants/umbrella.yaml', clicks },
        hosts: await clearGround(stage, folder),
        yaml: (text) => agreed(text, printed),
        heard: (asked, answer) => printed.set(asked, answer.trim()),
        open: (asked, answer) =>
          asked.startsWith('contract complete') && /still open: the network/.test(answer),
      });
    }, 120_000);
    afterAll(async () => {
      reader?.leave();
      await stage?.platform.close();
      rmSync(folder, { recursive: true, force: true });
    });

    describe('is onboarded: docs/onboarding.md', () => {
      test.each(numbered(pageOf('onboarding')))('%s', async (_, step) => reader.follow(step), 300_000);
      test('and nothing is left undone', () => expect(reader.undone()).toEqual([]));
    });

    describe('gets another release: docs/upgrading.md', () => {
      beforeAll(async () => {
        const { folder, provider } = stage.platform;
        const repository = join(folder, 'repositories', `${provider}.git`);
        const commit = await resolveCommit(repository, `refs/tags/${tag}`);
        await setRef(repository, `refs/tags/${next}`, commit ?? '');
      });

      test.each(numbered(upgrading))('%s', async (_, step) => reader.follow(step), 300_000);
      test('and nothing is left undone', () => expect(reader.undone()).toEqual([]));
    });

    test('every click that somebody plays is on a page', () => {
      const pages = [pageOf('onboarding'), upgrading].flatMap(stepsIn);
      const shown = new Set(pages.filter(({ kind }) => kind === 'click').map(({ text }) => text));
      expect([...shown].sort()).toEqual(Object.keys(clicks).sort());
    });
  },
  skopeo.kind === 'absent' ? skopeo.why : undefined,
);
