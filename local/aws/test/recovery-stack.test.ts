import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  contractOfSize,
  recoveredIn,
  SHAPES,
  type Shape,
} from '@tenant-delivery/provisioning/contract-of-size';
import { renderEnvironment } from '@tenant-delivery/provisioning/environment';
import { stacksOf } from '@tenant-delivery/provisioning/stacks/stacks-of';
import { backupOf } from '../src/backup/state.ts';
import { replicate } from '../src/registry/replication.ts';
import { bucketsOf } from '../src/s3/state.ts';
import { ecrState, replicationOf, seedBaseImages, seedRepository } from '../src/services/ecr.ts';
import { topicsOf } from '../src/sns/state.ts';
import { ACCOUNT, REGION, type StackStage, stackStage, stageIn } from './cloudformation-harness.ts';

const ELSEWHERE = 'eu-central-1';
let home: StackStage;
let stage: StackStage;
beforeAll(async () => {
  home = await stackStage();
  stage = stageIn(home.aws, ELSEWHERE);
});
afterAll(() => home.aws.close());

function recoveryOf() {
  const contract = contractOfSize(SHAPES['1/1/1'] as Shape);
  const { prod } = contract.environments;
  if (!prod) throw new Error('it has an environment');
  const recovered = { ...contract, environments: { prod: { ...prod, ...recoveredIn(ELSEWHERE) } } };
  const released = { provider: 'OWNER/tenant-delivery', releases: [], publishers: [] };
  const all = stacksOf(recovered, 'prod', renderEnvironment(recovered, 'prod', released));
  const templateOf = (ending: string) => all.find(({ name }) => name.endsWith(ending))?.template;
  return { recovery: templateOf('-recovery'), backups: templateOf('-backups') };
}

it('the recovery stack of a contract is made in the other region, where copied images find their settings', async () => {
  const { world } = stage.aws;
  const { recovery } = recoveryOf();
  if (!recovery) throw new Error('it has a recovery region');
  const named = { ChangeSetType: 'CREATE' as const, Capabilities: ['CAPABILITY_NAMED_IAM' as const] };
  await stage.plan('td-acme-prod-recovery', recovery, named);
  const made = await stage.execute('td-acme-prod-recovery');
  expect([
    made.StackStatus,
    (await stage.events('td-acme-prod-recovery')).filter((one) => one.includes('FAILED')),
  ]).toEqual(['CREATE_COMPLETE', []]);
  expect(backupOf(world, ACCOUNT, ELSEWHERE).vaults['td-acme-prod']?.lock).toMatchObject({ minimumDays: 90 });
  expect(bucketsOf(world)[`td-copy-acme-prod-${ACCOUNT}`]).toMatchObject({
    region: ELSEWHERE,
    versioned: true,
  });
  expect(
    Object.values(topicsOf(world, ACCOUNT, ELSEWHERE)).flatMap((topic) => Object.values(topic.subscriptions)),
  ).toHaveLength(2);

  replicationOf(world, ACCOUNT, REGION).regions.push(ELSEWHERE);
  const { current } = await seedBaseImages(world, ACCOUNT, REGION);
  const from = ecrState(world, ACCOUNT, REGION).repositories;
  const own = seedRepository(world, ACCOUNT, REGION, 'acme/orders');
  own.resourceTags = { of: 'the first region' };
  if (from['base/node']) replicate(world, from['base/node'], current);
  replicate(world, own, current);
  await stage.aws.clock.sleep(400_000); // at this scale a fifth of a second: 20 ms were too few on a busy machine
  const copies = ecrState(world, ACCOUNT, ELSEWHERE).repositories;
  expect(copies['acme/orders']).toMatchObject({
    tagMutability: 'IMMUTABLE',
    resourceTags: { tenant: 'acme' },
  });
  expect(copies['acme/orders']?.resourceTags).not.toHaveProperty('of');
  expect(copies['base/node']?.tagMutability).toBe('MUTABLE'); // below no template
});

it('backups are planned at home, with the role and into the vault that the recovery stack made', async () => {
  const { backups } = recoveryOf();
  if (!backups) throw new Error('it has backups');
  await home.plan('backups', backups, { ChangeSetType: 'CREATE' });
  const made = await home.execute('backups');
  expect([made.StackStatus, (await home.events('backups')).filter((one) => one.includes('FAILED'))]).toEqual([
    'CREATE_COMPLETE',
    [],
  ]);
  const [plan] = Object.values(backupOf(home.aws.world, ACCOUNT, REGION).plans);
  const copied = plan?.rules.flatMap(({ CopyActions = [] }) =>
    CopyActions.map((one) => one.DestinationBackupVaultArn),
  );
  expect(copied).toEqual([backupOf(home.aws.world, ACCOUNT, ELSEWHERE).vaults['td-acme-prod']?.arn]);
});
