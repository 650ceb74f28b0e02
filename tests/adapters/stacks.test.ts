import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stackExecutor } from '@tenant-delivery/aws/cloudformation/stack-executor';
import { stackPlanner } from '@tenant-delivery/aws/cloudformation/stack-planner';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { logStore } from '@tenant-delivery/local-aws/logs/state';
import { plannedChanges } from '@tenant-delivery/provisioning/plan/planned-changes';
import { stackPolicy } from '@tenant-delivery/provisioning/plan/stack-policy';
import { STUB } from '@tenant-delivery/provisioning/plan/stub';
import type { ChangeSet, StackExecutor, StackPlanner } from '@tenant-delivery/provisioning/ports';
import type { Template } from '@tenant-delivery/provisioning/stacks/template';

const ACCOUNT = '000011112222';
const REGION = 'eu-west-1';

let aws: LocalAws;
let planner: StackPlanner;
let executor: StackExecutor;

beforeAll(async () => {
  aws = await startLocalAws({ scale: 2_000, runtime: 'simulated' });
  const credentials = aws.addAccount(ACCOUNT);
  process.env['AWS_ENDPOINT_URL'] = aws.url;
  const base = { region: REGION, local: true, scale: 2_000, userAgent: 'tenant-delivery' };
  const session = {
    clientConfig: (_: string, attempts?: number) => clientConfig(base, credentials, attempts),
  };
  planner = stackPlanner(session, 'provision-plan', REGION);
  executor = stackExecutor(session, 'provision', REGION);
});
afterAll(async () => {
  delete process.env['AWS_ENDPOINT_URL'];
  await aws.close();
});

const role = `arn:aws:iam::${ACCOUNT}:role/td/prod/td-prod-cloudformation`;

/** A gateway of a customer, which stays, and log groups, which go. */
function template(days: number, groups: readonly string[] = ['a'], address = '203.0.113.10'): Template {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'A trial',
    Parameters: { Tenant: { Type: 'String', Description: 'whose it is' } },
    Resources: {
      Peer: {
        Type: 'AWS::EC2::CustomerGateway',
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
        Properties: { Type: 'ipsec.1', BgpAsn: 65_010, IpAddress: address },
      },
      ...Object.fromEntries(
        groups.map((name) => [
          `Group${name.toUpperCase()}`,
          {
            Type: 'AWS::Logs::LogGroup',
            Properties: {
              LogGroupName: { 'Fn::Join': ['/', ['', { Ref: 'Tenant' }, name]] },
              RetentionInDays: days,
            },
          },
        ]),
      ),
    },
    Outputs: { GatewayId: { Description: 'The gateway', Value: { Ref: 'Peer' } } },
  };
}

const request = (stack: string, changeSet: string, type: 'CREATE' | 'UPDATE', body: Template) => ({
  stack,
  changeSet,
  type,
  template: JSON.stringify(body),
  parameters: body.Parameters ? { Tenant: stack === 'second' ? 'first' : stack } : {},
  role: '',
  description: 'a trial',
});

async function planned(stack: string, changeSet: string, type: 'CREATE' | 'UPDATE', body: Template) {
  const { role: _, ...asked } = request(stack, changeSet, type, body);
  await planner.createChangeSet({ ...asked, role: undefined as unknown as string }); // no role: CloudFormation acts with the rights of the caller
  for (;;) {
    const set = (await planner.changeSet(stack, changeSet)) as ChangeSet;
    if (!/_(PENDING|IN_PROGRESS)$/.test(set.status)) return set;
    await aws.clock.sleep(500);
  }
}

async function ended(id: string, token: string) {
  for (;;) {
    const events = await executor.events(id, token);
    const last = events.findLast(({ physicalId }) => physicalId === id);
    if (last && !last.status.endsWith('_IN_PROGRESS')) return { status: last.status, events };
    await aws.clock.sleep(1_000);
  }
}

async function executed(stack: string, changeSet: string, first = false) {
  const { id = '' } = (await executor.describe(stack)) ?? {};
  expect(await executor.execute(stack, changeSet, changeSet, first)).toBe('done');
  return { id, ...(await ended(id, changeSet)) };
}

async function made(stack: string, body = template(30)) {
  await planned(stack, 'td-1', 'CREATE', body);
  const end = await executed(stack, 'td-1');
  if (end.status !== 'CREATE_COMPLETE') throw new Error(JSON.stringify(end.events));
  return end;
}

describe('what is not there', () => {
  it('is absent by CloudFormation’s own word, and nothing else is', async () => {
    expect(await planner.describe('nobodys')).toBeUndefined();
    expect(await planner.changeSets('nobodys')).toEqual([]);
    expect(await planner.changeSet('nobodys', 'td-1')).toBeUndefined();
    expect(await planner.template('nobodys')).toBeUndefined();
    expect(await planner.policy('nobodys')).toBeUndefined();
    expect(await planner.events('nobodys', 'td-1')).toEqual([]);
    await planner.deleteChangeSet('nobodys', 'td-1');
    await expect(executor.setPolicy('nobodys', '{}')).rejects.toMatchObject({ code: 'AWS_REFUSED' });
  });
});

describe('a change set', () => {
  it('is made once under its name, and tells its parameters, its template and what it adds', async () => {
    const body = template(30);
    const set = await planned('planned', 'td-1', 'CREATE', body);
    expect(set).toMatchObject({
      status: 'CREATE_COMPLETE',
      execution: 'AVAILABLE',
      parameters: { Tenant: 'planned' },
    });
    expect(plannedChanges(set, body).map(({ logicalId, action }) => [logicalId, action])).toEqual([
      ['GroupA', 'add'],
      ['Peer', 'add'],
    ]);
    expect(await planner.template('planned', 'td-1')).toBe(JSON.stringify(body));
    expect(await planner.changeSets('planned')).toEqual([{ name: 'td-1', status: 'CREATE_COMPLETE' }]);
    expect(await planner.describe('planned')).toMatchObject({ status: 'REVIEW_IN_PROGRESS' });
    await planner.deleteChangeSet('planned', 'td-1');
    expect(await planner.changeSets('planned')).toEqual([]);
    expect(await planner.names('plan')).toEqual([]); // nothing was made of it
  });

  it('tells each value before and after, what is replaced, and what stays in the account', async () => {
    await made('changed');
    const next = template(60, ['b'], '203.0.113.30');
    const set = await planned('changed', 'td-2', 'UPDATE', next);
    expect(plannedChanges(set, next)).toMatchObject([
      { logicalId: 'GroupA', action: 'remove' },
      { logicalId: 'GroupB', action: 'add' },
      {
        logicalId: 'Peer',
        action: 'replace',
        properties: [{ path: '/IpAddress', before: '203.0.113.10', after: '203.0.113.30' }],
      },
    ]);
    const longer = template(60);
    const other = await planned('changed', 'td-3', 'UPDATE', longer);
    expect(plannedChanges(other, longer)).toMatchObject([
      { action: 'modify', properties: [{ path: '/RetentionInDays', before: '30', after: '60' }] },
    ]);
    const gone = await planned('changed', 'td-4', 'UPDATE', STUB);
    const actions = plannedChanges(gone, STUB).map(({ logicalId, action }) => [logicalId, action]);
    expect(actions).toEqual([
      ['GroupA', 'remove'],
      ['Peer', 'keep'],
      ['Withdrawn', 'add'],
    ]);
  });

  it('that changes nothing fails with words that a plan knows', async () => {
    await made('same');
    const set = await planned('same', 'td-2', 'UPDATE', template(30));
    expect(set.status).toBe('FAILED');
    expect(set.reason).toMatch(/didn't contain changes|No updates are to be performed/);
  });
});

describe('an execution', () => {
  it('is told by events of its own token, oldest first, and gives the stack its outputs', async () => {
    const { id, events } = await made('executed');
    expect(events[0]).toMatchObject({ logicalId: 'executed', status: 'CREATE_IN_PROGRESS', token: 'td-1' });
    const stack = await executor.describe('executed');
    expect(stack).toMatchObject({
      id,
      status: 'CREATE_COMPLETE',
      outputs: { GatewayId: expect.stringMatching(/^cgw-/) },
    });
    expect(await executor.events(id, 'another')).toEqual([]);
    expect((await executor.resources('executed')).map(({ logicalId }) => logicalId).toSorted()).toEqual([
      'GroupA',
      'Peer',
    ]);
  });

  it('is of the change set that was read: another one that took its name is not executed', async () => {
    await made('replaced');
    const read = await planned('replaced', 'td-2', 'UPDATE', template(60));
    expect(read.id).toContain(':changeSet/td-2/');
    expect(await executor.template('replaced', read.id)).toBe(JSON.stringify(template(60)));
    await planner.deleteChangeSet('replaced', 'td-2');
    const other = await planned('replaced', 'td-2', 'UPDATE', template(90));
    expect(other.id).not.toBe(read.id);
    expect(await executor.changeSet('replaced', read.id)).toBeUndefined();
    expect(await executor.template('replaced', read.id)).toBeUndefined();
    expect(await executor.execute('replaced', read.id, 'td-2', false)).toEqual({
      refused: expect.any(String),
    });
    const { id = '' } = (await executor.describe('replaced')) ?? {};
    expect(await executor.events(id, 'td-2')).toEqual([]);
    expect(await executor.execute('replaced', other.id, 'td-2', false)).toBe('done');
    expect((await ended(id, 'td-2')).status).toBe('UPDATE_COMPLETE');
  });

  it('that fails at first leaves what it made, which a rollback takes away, kept or not', async () => {
    await made('taken');
    const taken = { ...template(30, ['a']), Parameters: {} } as Template;
    const Resources = {
      ...taken.Resources,
      GroupA: {
        Type: 'AWS::Logs::LogGroup',
        DependsOn: 'Peer',
        Properties: { LogGroupName: '/taken/a' },
      },
    };
    const { Parameters: _, ...body } = { ...taken, Resources };
    await planned('fails', 'td-1', 'CREATE', body);
    const { id, status } = await executed('fails', 'td-1', true);
    expect(status).toBe('CREATE_FAILED');
    expect((await executor.resources('fails')).find(({ logicalId }) => logicalId === 'Peer')?.id).toMatch(
      /^cgw-/,
    );
    const withTheCallersRights = undefined as unknown as string;
    expect(await executor.rollBack('fails', 'td-1-rollback', withTheCallersRights)).toBe('done');
    const { status: end, events } = await ended(id, 'td-1-rollback');
    expect(end).toBe('DELETE_COMPLETE');
    expect(events).toContainEqual(expect.objectContaining({ logicalId: 'Peer', status: 'DELETE_COMPLETE' }));
    expect(await executor.rollBack('taken', 'td-2', withTheCallersRights)).toEqual({
      refused: expect.any(String),
    });
  });

  it('is refused the second time', async () => {
    await made('twice');
    expect(await executor.execute('twice', 'td-1', 'td-other', false)).toEqual({
      refused: expect.any(String),
    });
  });

  it('that a stack policy denies is rolled back, with the reason', async () => {
    await made('guarded');
    await executor.setPolicy('guarded', stackPolicy('provision', template(30)));
    expect(await executor.policy('guarded')).toBe(stackPolicy('provision', template(30)));
    await planned('guarded', 'td-2', 'UPDATE', template(30, ['a'], '203.0.113.40'));
    const { status, events } = await executed('guarded', 'td-2');
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(events.find((event) => event.status === 'UPDATE_FAILED')).toMatchObject({
      logicalId: 'Peer',
      reason: expect.stringMatching(/denied by stack policy/),
    });
  });

  it('of a first creation that fails keeps nothing, although its template keeps the gateway', async () => {
    await made('first', template(30, ['taken']));
    await planned('second', 'td-1', 'CREATE', template(30, ['taken']));
    const { status, events } = await executed('second', 'td-1');
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(events.findLast(({ logicalId }) => logicalId === 'Peer')?.status).toMatch(
      /DELETE_COMPLETE|CREATE_FAILED/,
    );
  });
});

describe('the end of a stack', () => {
  it('needs its protection lifted, and leaves what is kept', async () => {
    const { id } = await made('ending');
    await executor.protect('ending', true);
    expect(await executor.describe('ending')).toMatchObject({ terminationProtection: true });
    expect(await executor.deleteStack('ending', 'td-9', role)).toEqual({
      refused: expect.stringMatching(/TerminationProtection/),
    });
    await executor.protect('ending', false);
    await planned('ending', 'td-2', 'UPDATE', STUB);
    const emptied = await executed('ending', 'td-2');
    const what = (logicalId: string) =>
      emptied.events.findLast((event) => event.logicalId === logicalId)?.status;
    expect([what('Peer'), what('GroupA')]).toEqual(['DELETE_SKIPPED', 'DELETE_COMPLETE']);
    expect(await executor.deleteStack('ending', 'td-9', undefined as unknown as string)).toBe('done');
    expect((await ended(id, 'td-9')).status).toBe('DELETE_COMPLETE');
    expect(await executor.describe('ending')).toBeUndefined();
    expect(await executor.names('')).toContain('executed');
    expect(await executor.names('end')).toEqual([]);
    expect(await executor.describe(id)).toMatchObject({ status: 'DELETE_COMPLETE' });
  });
});

describe('drift', () => {
  it('is nothing right after a stack was made, and names what was changed beside it', async () => {
    await made('drifting', template(30, ['drift']));
    const detect = async () => {
      const detection = await executor.detectDrift('drifting');
      for (;;) {
        const drift = await executor.drift('drifting', detection);
        if (drift) return drift;
        await aws.clock.sleep(500);
      }
    };
    expect(await detect()).toEqual({ status: 'complete', reason: undefined, resources: [] });
    const group = logStore(aws.world, ACCOUNT, REGION).groups['/drifting/drift'];
    Object.assign(group ?? {}, { retentionInDays: 1 }); // somebody did, beside the stack
    expect((await detect()).resources).toMatchObject([
      {
        logicalId: 'GroupDRIFT',
        status: 'MODIFIED',
        properties: [{ path: '/RetentionInDays', expected: '30', actual: '1' }],
      },
    ]);
  });
});
