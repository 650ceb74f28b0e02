import { describe, expect, test } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { putDocument } from '@tenant-delivery/vault/objects';
import { retain, verifiedRevisions } from '../../src/deploy/retain.ts';
import { anApprovedDeploy } from '../a-deploy.ts';

const FAMILY = 'acme-prod-orders';
const arn = (number: number) => `arn:aws:ecs:eu-west-1:000011112222:task-definition/${FAMILY}:${number}`;

/** A service that was deployed by an action, with older revisions beside it. */
async function deployed(options: { readonly running?: readonly string[]; readonly denied?: boolean } = {}) {
  const made = await anApprovedDeploy();
  for (let count = 0; count < 3; count += 1)
    made.ecs.define(made.ecs.document(`old@sha256:${'0'.repeat(64)}`));
  await made.act('deploy');
  const admission = await made.delivery.admission();
  const gone: string[] = [];
  const runner = fakeRunner();
  const act = (newest: number, verified: readonly string[] | Failure = []) =>
    retain(
      {
        runner,
        clock: made.clock,
        services: made.ecs.services,
        revisions: {
          active: async () => {
            if (options.denied)
              throw new Failure('AWS_DENIED', 'ecs:ListTaskDefinitions is denied', 'allow it');
            return [...made.ecs.definitions.keys()];
          },
          running: async () => options.running ?? [],
        },
      },
      { ref: admission, deployer: { deregister: async (each) => void gone.push(each) } },
      { family: FAMILY, newest, previous: arn(4), verified: async () => told(verified) },
    );
  return { ...made, admission, act, gone, runner };
}

function told(verified: readonly string[] | Failure): readonly string[] {
  if (verified instanceof Failure) throw verified;
  return verified;
}

describe('retention', () => {
  test('takes what is old, and nothing that runs, is good, or is among the newest', async () => {
    const { act, gone } = await deployed({ running: [arn(3)] });
    await act(1, [arn(1)]);
    expect(gone).toEqual([arn(2)]); // 5 runs now, 4 ran before
  });

  test('takes nothing by itself', async () => {
    const { act, gone } = await deployed();
    await act(0);
    expect(gone).toEqual([]);
  });

  test('takes nothing when not everything could be looked at, and fails nothing for that', async () => {
    const { act, gone, runner } = await deployed({ denied: true });
    expect(await act(1)).toEqual([]);
    expect(gone).toEqual([]);
    expect(runner.log.join('\n')).toContain(
      'stay, because not all could be looked at: ecs:ListTaskDefinitions',
    );
  });

  test('takes nothing when the record of what was verified does not hold, and fails nothing for that', async () => {
    const { act, gone, runner } = await deployed();
    expect(
      await act(1, new Failure('EVIDENCE_BROKEN', 'The record does not hold', 'tell the provider')),
    ).toEqual([]);
    expect(gone).toEqual([]);
    expect(runner.log.join('\n')).toContain('The record does not hold');
  });

  test('asks the signed reports which revisions were verified', async () => {
    const { delivery, change, admission } = await deployed();
    expect(await verifiedRevisions(delivery.as('deploy'), admission)).toEqual([]);
    const report = await putDocument(delivery.vault, { taskDefinition: arn(9), ofALaterRelease: true });
    const found = await delivery.find(change, 'deploy');
    await found.append('verified', { evidence: { report } });
    expect(await verifiedRevisions(delivery.as('deploy'), admission)).toEqual([arn(9)]);
  });
});
