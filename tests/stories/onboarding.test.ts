import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { userNamed } from '@tenant-delivery/local-github/world/user';
import { umbrellaContract } from '@tenant-delivery/local-platform';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { blocksIn, type Step } from '../stage/page.ts';
import { errorsOf, openStage } from '../stage/stage.ts';
import { type Command, command } from '../witnesses/command.ts';

const CLI = join(root, 'packages/cli/src/main.ts');
const page = readFileSync(join(root, 'docs/onboarding.md'), 'utf8');
/** Commands that read the keys of a release: here they are those of the local provider. */
const TRUSTING = /^(contract (complete|publish)|doctor)\b/;

describeWith(
  'aws',
  'a tenant is onboarded by the commands of docs/onboarding.md, in their order',
  (program) => {
    let stage: Stage;
    let folder = '';
    let node: Command;
    let aws: Command;
    const env: Record<string, string> = {};

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'onboarding-'));
      stage = await openStage({
        scale: 120,
        contracts: [],
        bare: [umbrellaContract()],
        directory: join(folder, 'aws'),
      });
      const { platform } = stage;
      const operator = platform.tenants['umbrella']?.operator;
      if (!operator) throw new Error('umbrella has no account');
      mkdirSync(join(folder, '.aws'));
      mkdirSync(join(folder, 'tenants'));
      writeFileSync(
        join(folder, '.aws/credentials'),
        `[umbrella]\naws_access_key_id = ${operator.accessKeyId}\naws_secret_access_key = ${operator.secretAccessKey}\n`,
      );
      writeFileSync(
        join(folder, 'contract-key.pem'),
        readFileSync(join(folder, 'aws/provider-contract-key.pem')),
      );
      writeFileSync(join(folder, 'trust.json'), JSON.stringify(platform.released));
      const local = {
        AWS_ENDPOINT_URL: platform.aws.url,
        GITHUB_API_URL: platform.github.apiUrl,
        GITHUB_TOKEN: userNamed(platform.github.world, 'sre-kim').token,
      };
      node = command(process.execPath, folder, local);
      aws = command(program, folder, local);
    }, 120_000);
    afterAll(async () => {
      await stage?.platform.close();
      rmSync(folder, { recursive: true, force: true });
    });

    let digest = '';
    /** Does what the page says: a command, or the file that a block of YAML is. */
    async function follow({ kind, text }: Step): Promise<void> {
      if (kind === 'yaml') {
        writeFileSync(join(folder, 'tenants/umbrella.yaml'), text.replace(/sha256:0+/, digest));
        return;
      }
      const [first = '', ...words] = text.split(' ').map((word) => word.replace(/^"|"$/g, ''));
      if (first === 'export') Object.assign(env, Object.fromEntries(words.map((word) => word.split('='))));
      else if (first === 'aws') {
        const said = await aws(words, { env });
        if (/describe-images/.test(text)) digest = said.trim();
      } else if (first === 'npx') {
        const [, ...rest] = words;
        const trusting = TRUSTING.test(rest.join(' ')) ? ['--trust', 'trust.json'] : [];
        const { exitCode, stdout, stderr } = await node.ran([CLI, ...rest, ...trusting], { env });
        const open = rest[1] === 'complete' && /still open: the network/.test(stdout + stderr);
        expect([stdout + stderr, exitCode]).toEqual([expect.anything(), open ? 1 : 0]);
      } else if (first === 'gh') await dispatched(words);
      else if (first === 'git') await delivered();
      else throw new Error(`nobody here runs ${text}`);
    }

    async function dispatched(words: readonly string[]): Promise<void> {
      const [, , file = ''] = words;
      const inputs = Object.fromEntries(
        words.filter((word) => /^\w[\w-]*=/.test(word)).map((word) => word.split('=')),
      );
      const { result } = await stage.run({
        repository: 'OWNER/tenant-operations',
        workflow: `.github/workflows/${file}`,
        ref: 'refs/heads/main',
        event: 'workflow_dispatch',
        inputs,
        actor: 'sre-kim',
        approveAs: 'lead-eli',
      });
      expect([file, inputs['part'], errorsOf(result), result.conclusion]).toEqual([
        file,
        inputs['part'],
        [],
        'success',
      ]);
    }

    async function delivered(): Promise<void> {
      const { result, outcome } = await stage.run({
        repository: 'umbrella/shop',
        workflow: '.github/workflows/deliver.yml',
        ref: 'refs/heads/main',
        event: 'push',
        actor: 'dev-ana',
        approveAs: 'lead-eli',
      });
      expect([errorsOf(result), outcome]).toEqual([[], 'closed']);
    }

    const steps = blocksIn(page);
    test.each(steps.map((step, at) => [`${at + 1}. ${step.text.split('\n')[0]}`, step] as const))(
      '%s',
      async (_, step) => follow(step),
      300_000,
    );
  },
);
