import { expect, it } from '@jest/globals';
import { aPart } from './a-part.ts';

const SERVICE = 'td-acme-prod-orders-0';
const FAMILY = 'acme-prod-orders-0';

async function provisioned() {
  const made = await aPart();
  await made.provision('network');
  const { outcome } = await made.provision('services');
  if (outcome.outcome !== 'applied') throw new Error(outcome.headline);
  return made;
}

/** The contract asks for another health check path, and for other sizes of the placeholder. */
async function agreeAnew(made: Awaited<ReturnType<typeof aPart>>, more: object = {}) {
  const provision = made.contract.environments['prod']?.services['orders-0']?.provision;
  Object.assign(provision ?? {}, { size: { cpu: 512, memory: 1024 }, healthPath: '/up', ...more });
  await made.republish();
}

it('makes a service after its network, from the outputs of the network', async () => {
  const made = await provisioned();
  expect(made.cloudformation.find(SERVICE)?.parameters).toMatchObject({
    VpcId: 'vpcid-1',
    Subnets: 'subnetsapp-1',
  });
});

it('leaves the revision of a delivery alone when the contract changes the size of the placeholder', async () => {
  const made = await provisioned();
  made.runService(2);
  const before = made.cloudformation.find(SERVICE)?.resources.get('TaskDefinition');
  await agreeAnew(made);
  const { change, outcome } = await made.act('plan', { part: 'services' });
  expect(outcome.outcome).toBe('planned');
  const [stack] = (await made.planOf(change, 'services')).stacks;
  expect(stack?.changes.map(({ logicalId }) => logicalId)).toEqual(['TargetGroup']);
  await made.approve(change, 'services');
  expect((await made.act('apply', { part: 'services', change })).outcome.outcome).toBe('applied');
  expect(made.cloudformation.find(SERVICE)?.resources.get('TaskDefinition')).toEqual(before);
});

it('names the family in the template of a service, so that an update brings no revision back', async () => {
  const made = await provisioned();
  const service = made.cloudformation.find(SERVICE)?.resources.get('Service');
  expect(service?.Properties?.['TaskDefinition']).toBe(FAMILY);
});

it('refuses to update a service while a revision is newer than the one that it runs', async () => {
  const made = await provisioned();
  made.runService(2);
  made.newest.set(FAMILY, 'arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders-0:3'); // it was rolled back
  Object.assign(made.contract.environments['prod'] ?? {}, { layerEdges: [] });
  const service = made.cloudformation.find(SERVICE)?.resources.get('Service');
  Object.assign(service?.Properties ?? {}, { EnableExecuteCommand: true }); // so that the change set changes it
  const { outcome } = await made.act('plan', { part: 'services' });
  expect(outcome).toMatchObject({ outcome: 'denied' });
  expect(outcome.headline).toContain('acme-prod-orders-0:3, the newest of its family');
});

it('keeps deliveries away while it updates a service, and waits for one that is under way', async () => {
  const made = await provisioned();
  const service = made.cloudformation.find(SERVICE)?.resources.get('Service');
  Object.assign(service?.Properties ?? {}, { EnableExecuteCommand: true });
  const { change } = await made.act('plan', { part: 'services' });
  await made.approve(change, 'services');
  const seen: string[] = [];
  made.clock.at(made.clock.now() - Date.UTC(2026, 10, 24, 9) + 15_000, async () => {
    const lock = await made.delivery.vault.read('locks/prod/orders-0.json');
    seen.push(Buffer.from(lock?.bytes ?? []).toString());
  });
  const { outcome } = await made.act('apply', { part: 'services', change });
  expect(outcome.outcome).toBe('applied');
  expect(seen[0]).toContain('rot_provisioning');
  const after = await made.delivery.vault.read('locks/prod/orders-0.json');
  expect(JSON.parse(Buffer.from(after?.bytes ?? []).toString())).toMatchObject({ holder: null });
});

it.each([['would lose its target group', { port: 9090 }, /TargetGroup .*would be replaced, by .*\/Port/]])(
  'refuses a service that %s',
  async (_, provision, why) => {
    const made = await provisioned();
    await agreeAnew(made, provision);
    const { outcome } = await made.act('plan', { part: 'services' });
    expect(outcome.outcome).toBe('denied');
    expect(outcome.headline).toMatch(why);
  },
);

it('refuses a contract that shrinks what runs: fewer tasks than run, or a service that is still there', async () => {
  const made = await provisioned();
  made.runService(2, 5);
  const { services } = made.contract.environments['prod'] ?? {};
  Object.assign(services?.['orders-0'] ?? {}, { capacity: { base: 1, maximum: 3 } });
  await made.republish();
  const fewer = await made.act('plan', { part: 'services' });
  expect(fewer.outcome.headline).toContain('would run 3 tasks at most, and 5 run now');
  const { 'orders-0': orders, ...others } = services ?? {};
  Object.assign(made.contract.environments['prod'] ?? {}, { services: { ...others, carts: orders } });
  await made.republish();
  const gone = await made.act('plan', { part: 'services' });
  expect(gone.outcome.headline).toContain(`${SERVICE} is there, and the contract has no such service`);
});

it('is not verified before tasks are healthy in every zone', async () => {
  const made = await aPart();
  await made.provision('network');
  made.health.zones = ['a'];
  const { outcome } = await made.provision('services');
  expect(outcome).toMatchObject({ outcome: 'failed', reasonCode: 'STACK_NOT_VERIFIED' });
  expect(outcome.headline).toContain('1 targets are healthy, in 1 of 2 zones');
});

it('takes the stacks of a recovery for no services: its services are planned, and its network is withdrawn', async () => {
  const made = await aPart((contract) => {
    const prod = contract.environments['prod'];
    if (!prod) throw new Error('the contract has prod');
    const recovery = {
      region: 'eu-central-1',
      backup: { schedule: 'cron(0 3 * * ? *)', days: 35 },
      copies: { days: 90 },
      notify: ['sre@example.com'],
    };
    return { ...contract, environments: { ...contract.environments, prod: { ...prod, recovery } } };
  });
  for (const stack of ['td-acme-prod-provisioning', 'td-acme-prod-recovery', 'td-acme-prod-backups']) {
    const by = { changeSet: 'by-hand', type: 'CREATE', template: '{}', parameters: {}, role: '' } as const;
    await made.cloudformation.ports.createChangeSet({ ...by, stack, description: '' });
    Object.assign(made.cloudformation.find(stack) ?? {}, { status: 'CREATE_COMPLETE' });
  }
  expect((await made.provision('network')).outcome).toMatchObject({ outcome: 'applied' });
  const { outcome: withdrawal } = await made.act('plan', { kind: 'withdrawal' });
  expect(withdrawal).toMatchObject({ outcome: 'planned' });
  const { outcome: services } = await made.act('plan', { part: 'services' });
  expect(services).toMatchObject({ outcome: 'planned' });
});
