import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { balancerStore } from '@tenant-delivery/local-aws/balancer/store';
import { ec2Of } from '@tenant-delivery/local-aws/services/ec2';
import { templateContracts } from '@tenant-delivery/local-platform';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { clicksOf } from '../stage/clicks.ts';
import { stepsIn } from '../stage/page.ts';
import { type Reader, readerIn, SCALE } from '../stage/reader.ts';
import { openStage } from '../stage/stage.ts';

const page = readFileSync(join(root, 'docs/adopting.md'), 'utf8');
const steps = stepsIn(page).map((step, at) => [`${at + 1}. ${step.text.split('\n')[0]}`, step] as const);
const [ACCOUNT, REGION, TAG] = ['000011112222', 'eu-west-1', 'tenant-delivery:contract'];

/** Takes the tag off whatever the seed gave it, as in an account that knows nothing of us. Answers how many had it. */
function untag({ platform }: Stage): number {
  const { world } = platform.aws;
  const { vpcs, subnets, securityGroups } = ec2Of(world, ACCOUNT, REGION);
  const { balancers, targetGroups } = balancerStore(world, ACCOUNT, REGION);
  const all = [vpcs, subnets, securityGroups, balancers, targetGroups].flatMap((kind) => Object.values(kind));
  const tagged = all.filter(({ tags }) => tags?.[TAG] === 'acme/prod');
  for (const one of tagged) Object.assign(one, { tags: { ...one.tags, [TAG]: undefined } });
  return tagged.length;
}

describeWith('aws', 'an environment that is there is adopted by the steps of docs/adopting.md', (program) => {
  let stage: Stage;
  let folder = '';
  let reader: Reader;
  const ran: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'adopting-'));
    const contracts = templateContracts(['prod', 'staging']).filter(({ id }) => id === 'acme');
    const [acme] = contracts;
    if (!acme) throw new Error('acme is among the templates');
    stage = await openStage({ scale: SCALE, contracts, directory: join(folder, 'aws') });
    expect(untag(stage)).toBe(9);
    reader = await readerIn(folder, stage, {
      ...{ aws: program, next: '', contract: 'tenants/acme.yaml', clicks: clicksOf(acme), hosts: {} },
      yaml: () => {
        throw new Error('the page writes no contract');
      },
      heard: () => {},
      open: () => false,
      ended: (outcome) => ran.push(outcome),
    });
  }, 120_000);
  afterAll(async () => {
    reader?.leave();
    await stage?.platform.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('in their order', () => {
    test.each(steps)('%s', async (_, step) => reader.follow(step), 300_000);
    test('and nothing is left undone', () => {
      expect(reader.undone()).toEqual([]);
      expect(ran).toEqual(['applied', 'applied', 'unchanged', 'unchanged']);
    });
  });
});
