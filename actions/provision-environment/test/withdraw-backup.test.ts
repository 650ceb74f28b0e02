import { describe, expect, it, test } from '@jest/globals';
import { DAY, MINUTE } from '@tenant-delivery/domain';
import { recoveredIn } from '@tenant-delivery/provisioning/contract-of-size';
import { getBytes } from '@tenant-delivery/vault/objects';
import { aPart, codeOf } from './a-part.ts';
import type { Fault } from './faulty-calls.ts';

const FOUNDATION = 'td-acme-prod-foundation';
const VAULT = 'arn:aws:s3:::td-vault-acme-prod-000011112222';

/** A foundation of a contract that agrees on backups, with an approved withdrawal. */
async function withdrawing() {
  const made = await aPart((contract) => {
    const prod = contract.environments['prod'];
    if (!prod) throw new Error('the contract has prod');
    return { ...contract, environments: { prod: { ...prod, ...recoveredIn('eu-central-1') } } };
  });
  await made.provision('foundation');
  const bucket = made.cloudformation.find(FOUNDATION)?.resources.get('Vault');
  Object.assign(bucket ?? {}, { id: 'td-vault-acme-prod-000011112222' }); // as S3 names it
  made.cloudformation.calls.length = 0;
  return made;
}

type Made = Awaited<ReturnType<typeof withdrawing>>;

async function planned(made: Made) {
  const { change, outcome } = await made.act('plan', { part: 'foundation', kind: 'withdrawal' });
  return { change, outcome };
}

async function approved() {
  const made = await withdrawing();
  const { change } = await planned(made);
  await made.approve(change, 'foundation');
  made.cloudformation.calls.length = 0;
  const apply = (attempt = 1, timeout = '120') =>
    made.act('apply', { part: 'foundation', change, attempt, inputs: { 'timeout-minutes': timeout } });
  return { made, change, apply };
}

/** What takes something away, in order. */
const taken = ({ cloudformation }: Made) =>
  cloudformation.calls.filter((call) => /^(execute|deleteStack|setPolicy|protect) /.test(call));

describe('the plan of a withdrawal', () => {
  it('names what is backed up, where and for how long, and what is not copied', async () => {
    const made = await withdrawing();
    const { change, outcome } = await planned(made);
    expect((await made.planOf(change, 'foundation')).backups).toEqual([
      {
        ...{ resource: VAULT, kind: 'S3', vault: 'td-acme-prod', days: 35 },
        role: 'arn:aws:iam::000011112222:role/td/prod/td-acme-prod-backup',
      },
    ]);
    expect(outcome.summary).toContain(VAULT);
    expect(outcome.summary).toContain(
      'AWS Backup cannot copy images of ECR, secrets, keys, logs or addresses',
    );
  });

  it('backs up nothing where the contract agrees on no backups, and says so', async () => {
    const made = await aPart();
    await made.provision('foundation');
    const { change, outcome } = await planned(made);
    expect((await made.planOf(change, 'foundation')).backups).toEqual([]);
    expect(outcome.summary).toContain('**Backed up first:** nothing.');
  });

  it('is refused at once where AWS Backup would refuse the job, every reason in one answer', async () => {
    const made = await withdrawing();
    Object.assign(made.backups.state, { vault: false, kinds: ['EFS'] });
    const { outcome } = await planned(made);
    expect(outcome).toMatchObject({ outcome: 'denied', reasonCode: 'PLAN_REFUSED' });
    expect(outcome.headline).toContain('there is no backup vault td-acme-prod in eu-west-1');
    expect(outcome.headline).toContain('--resource-type-opt-in-preference S3=true');
    const sets = [...made.cloudformation.stacks.values()].flatMap(({ changeSets }) => [
      ...changeSets.values(),
    ]);
    expect(sets.filter(({ execution }) => execution === 'AVAILABLE')).toEqual([]);
  });
});

describe('a withdrawal', () => {
  it('takes nothing away before the backup is complete, and keeps its ARN in report and summary', async () => {
    const { made, change, apply } = await approved();
    made.clock.at(30_000, () => {
      expect(made.backups.jobs).toHaveLength(1);
      expect(taken(made)).toEqual([]);
    });
    const { outcome, runner } = await apply();
    expect(outcome).toMatchObject({ outcome: 'applied', ok: true });
    expect(taken(made)).not.toEqual([]);
    expect(made.backups.jobs).toMatchObject([{ resource: VAULT, vault: 'td-acme-prod', days: 35 }]);
    const point = 'arn:aws:backup:eu-west-1:000011112222:recovery-point:job-1';
    expect(outcome.summary).toContain(point);
    const bytes = await getBytes(made.delivery.vault, runner.outputs['report'] as `sha256:${string}`);
    const { backups } = JSON.parse(Buffer.from(bytes as Uint8Array).toString());
    expect(backups).toMatchObject([{ resource: VAULT, result: 'complete', recoveryPoint: point }]);
    expect(runner.log.join()).toContain(`Backup of ${VAULT}: RUNNING, 12.5 %`);
    expect(await made.stateOf(change, 'foundation')).toBe('closed');
  });

  it.each([
    ['failed', { state: 'FAILED', message: 'Access Denied', category: 'AccessDenied' }],
    ['was aborted', { state: 'ABORTED', message: 'Aborted by an administrator' }],
    ['expired', { state: 'EXPIRED', message: 'It did not begin in time' }],
    ['is complete with issues', { message: '3 objects were skipped', category: 'AccessDenied' }],
  ])('whose backup %s takes nothing away', async (_, end) => {
    const { made, change, apply } = await approved();
    Object.assign(made.backups.ends, end);
    const { outcome } = await apply();
    expect(outcome).toMatchObject({ outcome: 'failed', reasonCode: 'BACKUP_FAILED', ok: false });
    expect(outcome.headline).toContain(end.message);
    expect(outcome.headline).toContain('Nothing was taken away.');
    expect(taken(made)).toEqual([]);
    expect(await made.stateOf(change, 'foundation')).toBe('failed');
  });

  it('whose backup AWS Backup refuses takes nothing away, and the next withdrawal backs up anew', async () => {
    const { made, apply } = await approved();
    made.backups.refusals.push('LimitExceededException: too many jobs');
    expect((await apply()).outcome).toMatchObject({ outcome: 'failed', reasonCode: 'BACKUP_FAILED' });
    expect(taken(made)).toEqual([]);
    const next = await planned(made);
    await made.approve(next.change, 'foundation');
    const { outcome } = await made.act('apply', { part: 'foundation', change: next.change });
    expect(outcome.outcome).toBe('applied');
  });

  it('whose backup takes longer than the job goes on with the same backup', async () => {
    const { made, change, apply } = await approved();
    made.backups.state.takes = 10 * MINUTE;
    const { outcome } = await apply(1, '5');
    expect(outcome).toMatchObject({ outcome: 'timed-out', reasonCode: 'STACK_TIMED_OUT' });
    expect(taken(made)).toEqual([]);
    expect(await made.stateOf(change, 'foundation')).toBe('deploying');
    expect((await apply(2)).outcome.outcome).toBe('applied');
    expect(made.backups.jobs).toHaveLength(1);
  });

  it('whose approval has expired meanwhile takes nothing away', async () => {
    const { made, apply } = await approved();
    made.cloudformation.faults.push({ call: 'job', when: 'dies after' });
    await expect(apply()).rejects.toThrow('the machine died');
    await made.clock.sleep(8 * DAY);
    expect(await codeOf(apply(2))).toBe('PLAN_NOT_APPROVED');
    expect(taken(made)).toEqual([]);
  });
});

const DEATHS: readonly Fault[] = (['start', 'job', 'execute', 'deleteStack'] as const).flatMap((call) =>
  (['dies before', 'dies after'] as const).map((when) => ({ call, when })),
);

test.each(DEATHS)('a machine that $when $call: the next attempt finds the same backup', async (fault) => {
  const { made, change, apply } = await approved();
  made.cloudformation.faults.push(fault);
  await expect(apply()).rejects.toThrow('the machine died');
  await made.clock.sleep(30 * MINUTE);
  const { outcome } = await apply(2);
  expect(outcome.outcome).toBe('applied');
  expect(outcome.summary).toContain('recovery-point:job-1');
  expect(made.backups.jobs).toHaveLength(1);
  expect(await made.stateOf(change, 'foundation')).toBe('closed');
});

/** A withdrawal whose first attempt died while it followed its backup, and took nothing away. */
async function diedInTheBackup() {
  const given = await approved();
  given.made.cloudformation.faults.push({ call: 'job', when: 'dies after' });
  await expect(given.apply()).rejects.toThrow('the machine died');
  return given;
}

describe('a later attempt, before anything was taken away', () => {
  it.each([
    ['is FAILED', { state: 'FAILED', message: 'Access Denied' }],
    ['lacks something', { category: 'AccessDenied' }],
  ])('backs up again where the backup of the first %s', async (why, end) => {
    const { made, change, apply } = await diedInTheBackup();
    made.backups.endOf.set('job-1', end);
    await made.clock.sleep(30 * MINUTE);
    const { outcome, runner } = await apply(2);
    expect(outcome.outcome).toBe('applied');
    expect(outcome.summary).toContain('recovery-point:job-2');
    expect(runner.log.join('\n')).toContain(`The backup job-1 ${why}: AWS Backup is asked for a new one`);
    expect(made.backups.jobs).toHaveLength(2);
    expect(await made.stateOf(change, 'foundation')).toBe('closed');
  });

  it('backs up again where that backup is older than a day, and not a minute before', async () => {
    const fresh = await diedInTheBackup();
    await fresh.made.clock.sleep(DAY - MINUTE);
    expect((await fresh.apply(2)).outcome.summary).toContain('recovery-point:job-1');
    const stale = await diedInTheBackup();
    await stale.made.clock.sleep(DAY + MINUTE);
    const { outcome, runner } = await stale.apply(2);
    expect(outcome.summary).toContain('recovery-point:job-2');
    expect(runner.log.join('\n')).toContain('The backup job-1 is older than a day');
  });

  it('finds the newest backup, however many attempts asked for one', async () => {
    const { made, apply } = await diedInTheBackup();
    await made.clock.sleep(2 * DAY);
    made.backups.state.takes = 10 * MINUTE;
    expect((await apply(2, '5')).outcome.outcome).toBe('timed-out');
    expect((await apply(3)).outcome.summary).toContain('recovery-point:job-2');
    expect(made.backups.jobs).toHaveLength(2);
  });

  it('follows a backup that takes longer than a day', async () => {
    const { made, apply } = await diedInTheBackup();
    made.backups.state.takes = DAY + 60 * MINUTE;
    await made.clock.sleep(DAY + MINUTE);
    expect((await apply(2)).outcome.summary).toContain('recovery-point:job-1');
    expect(made.backups.jobs).toHaveLength(1);
  });

  it('asks for one backup more, and for no third if that fails at once', async () => {
    const { made, apply } = await diedInTheBackup();
    made.backups.state.takes = 0;
    Object.assign(made.backups.ends, { state: 'FAILED', message: 'Access Denied' });
    expect((await apply(2)).outcome).toMatchObject({ outcome: 'failed', reasonCode: 'BACKUP_FAILED' });
    expect(made.backups.jobs).toHaveLength(2);
    expect(taken(made)).toEqual([]);
  });
});

it('that began to take a stack away is followed to its end, whatever AWS Backup says of the backup by then', async () => {
  const { made, apply } = await approved();
  made.cloudformation.faults.push({ call: 'execute', when: 'dies after' });
  await expect(apply()).rejects.toThrow('the machine died');
  await made.clock.sleep(30 * MINUTE);
  Object.assign(made.backups.ends, {
    state: 'EXPIRED',
    recoveryPoint: undefined,
    message: 'its days are over',
  });
  const { outcome } = await apply(2);
  expect(outcome.outcome).toBe('applied');
  expect(outcome.summary).toContain('EXPIRED: its days are over');
  expect(made.backups.jobs).toHaveLength(1);
});
