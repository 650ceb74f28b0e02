import {
  ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { refusedByEcs } from '@tenant-delivery/deployment/task-definition/mistakes';
import { withRoleArns } from '@tenant-delivery/deployment/task-definition/role-arn';
import { shapeMistakes } from '@tenant-delivery/deployment/task-definition/shape-mistakes';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import * as fc from 'fast-check';
import type { Members } from '../stage/task-containers.ts';
import { mutated } from '../stage/task-definition-changes.ts';
import { allowed } from '../stage/task-definitions.ts';

/*
 * What the plan says before, and what ECS says when it is too late, are written twice, from the same pages and without a line
 * in common. A task definition that one of them takes and the other refuses is a mistake in one of them.
 */

const ACCOUNT = '000011112222';

let aws: LocalAws;
let ecs: ECSClient;
beforeAll(async () => {
  aws = await startLocalAws({ runtime: 'simulated', scale: 1_000 }); // its limits are for each second

  const credentials = aws.addAccount(ACCOUNT);
  ecs = new ECSClient({ endpoint: aws.url, region: 'eu-west-1', credentials });
});
afterAll(() => aws.close());

/** Why ECS refuses it, in its words; nothing when it takes it. */
async function refusal(definition: Members): Promise<string | undefined> {
  try {
    // what is generated may be of the wrong kind, as what a customer writes may be
    await ecs.send(
      new RegisterTaskDefinitionCommand(definition as unknown as RegisterTaskDefinitionCommandInput),
    );
    return undefined;
  } catch (thrown) {
    const { name, message, $metadata } = thrown as Error & { $metadata?: { httpStatusCode?: number } };
    if ($metadata?.httpStatusCode !== 400) throw thrown;
    return `${name}: ${message}`;
  }
}

function ours(definition: Members): readonly string[] {
  const shape = shapeMistakes('RegisterTaskDefinitionRequest', definition, new Set());
  const roles = withRoleArns(definition, {}, { account: ACCOUNT, partition: 'aws' });
  return [
    ...roles.mistakes.map(({ path, problem }) => `${path} ${problem}`),
    ...shape.map(({ keys, problem }) => `${keys.join('.')} ${problem}`),
    ...refusedByEcs(definition).map(({ path, problem }) => `${path} ${problem}`),
  ];
}

test('what the pages allow is taken by both', async () => {
  await fc.assert(
    fc.asyncProperty(allowed, async (definition) => {
      expect({ ours: ours(definition), theirs: await refusal(definition) }).toEqual({
        ours: [],
        theirs: undefined,
      });
    }),
    { numRuns: 50 },
  );
});

test('what one refuses the other refuses', async () => {
  const counts = { taken: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(mutated, async (definition) => {
      const [said, refused] = [ours(definition), await refusal(definition)];
      counts[refused === undefined ? 'taken' : 'refused'] += 1;
      expect({ said, refused, agree: said.length > 0 === (refused !== undefined) }).toMatchObject({
        agree: true,
      });
    }),
    { numRuns: process.env['PROOF'] === 'full' ? 2_000 : 250 },
  );
  expect(Math.min(counts.taken, counts.refused)).toBeGreaterThan(50);
}, 600_000);
