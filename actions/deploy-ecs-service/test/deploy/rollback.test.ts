import { beforeEach, describe, expect, test } from '@jest/globals';
import { openChange } from '@tenant-delivery/delivery/change';
import { releaseDeployLock } from '@tenant-delivery/delivery/deploy-lock';
import { readRollbackTarget } from '@tenant-delivery/delivery/rollback-target';
import { ORDERS_IMAGE } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { Plan } from '@tenant-delivery/deployment/plan/plan';
import { type Digest, formatImage, type Image, type Json } from '@tenant-delivery/domain';
import { putDocument } from '@tenant-delivery/vault/objects';
import { aDeploy, codeOf } from '../a-deploy.ts';
import { registeredIn } from '../preflight/surroundings.ts';

const image = (hex: string): Image => ({ ...ORDERS_IMAGE, digest: `sha256:${hex.repeat(64)}` as Digest });
const [V1, V2] = [image('a'), image('b')];
const network = (...subnets: readonly string[]): Json => ({
  awsvpcConfiguration: {
    subnets: [...subnets],
    securityGroups: ['sg-0acme0000000app00'],
    assignPublicIp: 'DISABLED',
  },
});
const APP = ['subnet-0acme00app0000001', 'subnet-0acme00app0000002'];

/** Two versions, delivered and verified one after the other, and how to go back to the first. */
async function twoVersions() {
  const made = await aDeploy();
  const { delivery, act, approve, clock, ecs } = made;
  const deliver = async (version: Image): Promise<string> => {
    const id = await made.bring('gated', 'deploy', version);
    await act('plan', { change: id });
    await approve(id);
    const { runner } = await act('deploy', { change: id });
    const report = runner.outputs['report'] as Digest; // the output is a digest
    const change = await delivery.find(id, 'deploy');
    await change.append('verified', { evidence: { report } });
    await change.append('closed');
    await releaseDeployLock(delivery.as('deploy'), await delivery.admission(), change);
    await clock.sleep(60_000);
    return id;
  };
  const first = await deliver(V1);
  await deliver(V2);
  ecs.calls.length = 0;
  const document = { networkConfiguration: network(...APP), loadBalancers: [registeredIn('group')] };
  ecs.state.revisions = { 2: { document }, 3: { document } };
  const propose = async () => {
    const admission = await delivery.admission();
    const { target, evidence } = await readRollbackTarget(delivery.as('build'), delivery.target, first);
    const resolved = (await delivery.find(first)).evidence('resolved');
    const { id } = await openChange(delivery.as('build'), admission, {
      kind: 'rollback',
      evidence: {
        ...evidence,
        target: await putDocument(delivery.vault, target),
        ...(resolved && { resolved }),
      },
    });
    return id;
  };
  const planned = async () => {
    const id = await propose();
    const { runner, outcome } = await act('plan', { change: id });
    return { id, runner, outcome, plan: await (await delivery.find(id)).document('plan', Plan) };
  };
  return { ...made, first, propose, planned };
}

let story: Awaited<ReturnType<typeof twoVersions>>;
beforeEach(async () => {
  story = await twoVersions();
});
const FIRST_REVISION = 'arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders:2';

describe('a rollback', () => {
  test('deploys the very revision that was verified: nothing is registered, and nothing else is sent', async () => {
    const { id, plan, runner } = await story.planned();
    expect(runner.outputs['needs-approval']).toBe('false'); // its kind is its approval
    expect(plan).toMatchObject({
      class: 'pre-approved',
      image: { from: formatImage(V2), to: formatImage(V1) },
      taskDefinition: { to: FIRST_REVISION },
      service: { changes: [] },
    });
    expect((await story.act('deploy', { change: id })).outcome).toMatchObject({ outcome: 'deployed' });
    expect(story.ecs.calls).toEqual(['update']);
    expect(story.ecs.updates.at(-1)).toEqual({ taskDefinition: FIRST_REVISION, members: {} });
  });

  test('restores the network and the balancer that it was verified with in the same update, and the plan says so', async () => {
    const now = {
      networkConfiguration: network('subnet-0acme00app0000001'),
      loadBalancers: [registeredIn('other')],
    };
    story.ecs.state.revisions[3] = { document: now };
    story.ecs.state.over = { document: now };
    const { id, plan } = await story.planned();
    expect(plan.service.changes.map(({ path }) => path)).toEqual([
      'loadBalancers',
      'networkConfiguration.awsvpcConfiguration.subnets',
    ]);
    await story.act('deploy', { change: id });
    expect(story.ecs.updates.at(-1)).toEqual({
      taskDefinition: FIRST_REVISION,
      members: { networkConfiguration: network(...APP), loadBalancers: [registeredIn('group')] },
    });
  });

  test('restores no network that the contract does not name, and says so', async () => {
    const document = {
      networkConfiguration: network('subnet-0foreign'),
      loadBalancers: [registeredIn('group')],
    };
    story.ecs.state.revisions[2] = { document };
    const { plan, runner } = await story.planned();
    expect(plan.service.changes).toEqual([]);
    expect(runner.log.join('\n')).toContain('the contract does not name subnet-0foreign');
  });

  test('registers the content again of a revision that was taken out of use', async () => {
    const taken = story.ecs.definitions.get(FIRST_REVISION);
    if (!taken) throw new Error('the first delivery registered it');
    const document = { ...taken.document, status: 'INACTIVE', newerThanUs: 'kept' };
    story.ecs.definitions.set(FIRST_REVISION, { ...taken, active: false, document });
    const { id, plan, runner } = await story.planned();
    expect(plan.taskDefinition.to).toBeNull();
    expect(runner.log.join('\n')).toContain(`${FIRST_REVISION} is INACTIVE`);
    await story.act('deploy', { change: id });
    expect(story.ecs.calls).toEqual(['register', 'update']);
    const registered = [...story.ecs.definitions.values()].at(-1)?.document;
    expect(registered).toMatchObject({ newerThanUs: 'kept', status: 'ACTIVE' });
    expect(JSON.stringify(registered)).toContain(formatImage(V1));
  });

  test('puts the image into what runs now when ECS has deleted the revision', async () => {
    story.ecs.definitions.delete(FIRST_REVISION);
    const { plan, runner } = await story.planned();
    expect(plan).toMatchObject({ taskDefinition: { to: null }, image: { to: formatImage(V1) } });
    expect(runner.log.join('\n')).toContain('was deleted: its image goes into');
  });

  test('goes back to an image whose verdict has run out, and warns of that alone', async () => {
    const warned = ({ log }: { readonly log: readonly string[] }) =>
      log.filter((line) => line.includes('was good until'));
    expect(warned((await story.planned()).runner)).toEqual([]);
    await story.clock.sleep(2 * 24 * 3_600_000);
    const { id, runner, outcome } = await story.planned();
    expect(warned(runner)).toEqual([expect.stringContaining(`${formatImage(V1)} was good until 2026-11-25`)]);
    expect(outcome.summary).toContain('was good until 2026-11-25');
    expect((await story.act('deploy', { change: id })).outcome).toMatchObject({ outcome: 'deployed' });
  });

  test('says what it cannot restore once ECS has forgotten the deployment', async () => {
    await story.clock.sleep(95 * 24 * 3_600_000);
    const { plan, runner } = await story.planned();
    expect(plan.taskDefinition.to).toBe(FIRST_REVISION);
    expect(runner.log.join('\n')).toContain('network, balancer, capacity and volumes stay as they are');
  });

  test('is asked for nothing beside what it restores, because its kind approves nothing else', async () => {
    const change = await story.propose();
    for (const inputs of [{ tags: 'a=b' }, { migration: 'container: orders' }])
      expect(await codeOf(story.act('plan', { change, inputs }))).toBe('DEPLOY_REQUEST_INVALID');
  });

  test('goes nowhere that ECS does not call SUCCESSFUL, whatever the record says', async () => {
    story.ecs.state.statuses[2] = 'ROLLBACK_SUCCESSFUL';
    expect(await codeOf(story.planned())).toBe('ROLLBACK_TARGET_DISPUTED');
  });

  test('goes to no revision that has lost an image from the registry', async () => {
    const gone = { container: 'proxy', image: `${V1.repositoryUri}@sha256:${'e'.repeat(64)}` };
    const elsewhere = { container: 'logs', image: `public.example/logs@sha256:${'f'.repeat(64)}` };
    const digestOf = ({ image: text }: typeof gone) => text.split('@')[1];
    story.ecs.state.revisions[2] = {
      ...story.ecs.state.revisions[2],
      images: [gone, elsewhere].map((each) => ({ ...each, digest: digestOf(each) })),
    };
    story.gone.add(`sha256:${'e'.repeat(64)}`);
    expect(await codeOf(story.planned())).toBe('IMAGE_ABSENT');
    story.gone.clear();
    const { runner } = await story.planned();
    expect(runner.log.join('\n')).toContain('Whether the image of the container logs still exists');
  });
});
