import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { resolveCommit } from '@tenant-delivery/local-github/git/resolve';
import { setRef } from '@tenant-delivery/local-github/git/write';
import { umbrellaContract } from '@tenant-delivery/local-platform';
import { ruleBranches } from '@tenant-delivery/local-platform/branch-rules';
import { releaseHere, root } from '@tenant-delivery/local-platform/provider-repository';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { blocksIn } from '../stage/page.ts';
import { readerIn } from '../stage/reader.ts';
import { openStage } from '../stage/stage.ts';

const pageOf = (name: string) => readFileSync(join(root, 'docs', `${name}.md`), 'utf8');
/** Each command with its number, so that a failure says where the reader is. */
const numbered = (page: string) =>
  blocksIn(page).map((step, at) => [`${at + 1}. ${step.text.split('\n')[0]}`, step] as const);

const { tag } = releaseHere();
const [major, minor = ''] = tag.split('.');
const next = `${major}.${Number(minor) + 1}.0`;

describeWith('aws', 'a tenant by the commands of the guide, in their order', (program) => {
  let stage: Stage;
  let folder = '';
  let reader: Awaited<ReturnType<typeof readerIn>>;
  let digest = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'onboarding-'));
    const directory = join(folder, 'aws');
    stage = await openStage({ scale: 120, contracts: [], bare: [umbrellaContract()], directory });
    ruleBranches(stage.platform.github, umbrellaContract()); // step 13: a person does it
    reader = await readerIn(folder, stage, {
      aws: program,
      next,
      yaml: (text) => text.replace(/sha256:0+/, digest),
      heard: (command, printed) => {
        if (/describe-images/.test(command)) digest = printed.trim();
      },
      open: (command, printed) =>
        command.startsWith('contract complete') && /still open: the network/.test(printed),
    });
  }, 120_000);
  afterAll(async () => {
    reader?.leave();
    await stage?.platform.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('is onboarded: docs/onboarding.md', () => {
    test.each(numbered(pageOf('onboarding')))('%s', async (_, step) => reader.follow(step), 300_000);
  });

  describe('gets another release: docs/upgrading.md', () => {
    beforeAll(async () => {
      const { folder, provider } = stage.platform;
      const repository = join(folder, 'repositories', `${provider}.git`);
      const commit = await resolveCommit(repository, `refs/tags/${tag}`);
      await setRef(repository, `refs/tags/${next}`, commit ?? '');
    });

    const escaped = (version: string) => version.replaceAll('.', '\\.');
    const page = pageOf('upgrading')
      .replaceAll('v0.2.0', next)
      .replaceAll(escaped('v0.1.0'), escaped(tag))
      .replaceAll('v0.1.0', tag);
    test.each(numbered(page))('%s', async (_, step) => reader.follow(step), 300_000);
  });
});
