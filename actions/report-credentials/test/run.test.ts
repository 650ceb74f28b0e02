import { expect, test } from '@jest/globals';
import { readInputs } from '@tenant-delivery/action-kit/readers';
import type { CredentialOf } from '@tenant-delivery/credentials/kinds';
import { EMPTY, reportWorld } from '@tenant-delivery/credentials/test/report-world';
import { ACME, inMemoryDelivery, type Job } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { DAY } from '@tenant-delivery/domain';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { failures } from '../src/failures.ts';
import { inputs } from '../src/inputs.ts';
import type { ReportingWorld } from '../src/ports.ts';
import { run } from '../src/run.ts';

const { tenant, environment, account, region } = ACME;
const INPUTS = { tenant, environment, account, region };
const OPERATIONS: Job = {
  claims: { repository: 'OWNER/tenant-operations', repositoryId: '700002', repositoryOwnerId: '700000' },
};
const DATABASE: CredentialOf<'secrets-manager'> = {
  id: 'orders-db',
  kind: 'secrets-manager',
  secret: 'td/prod/orders-db',
  strategy: 'provider-set',
};

/** A report of one secret that is so many days old; `undefined`: Secrets Manager tells nothing of it. */
async function reported(days: number | undefined, job = OPERATIONS) {
  const delivery = await inMemoryDelivery({
    contract: ({ environments: { prod, ...others }, ...agreed }) => {
      if (!prod) throw new Error('acme has a prod');
      const { githubApp: _, ...rest } = prod;
      return { ...agreed, environments: { ...others, prod: { ...rest, credentials: [DATABASE] } } };
    },
  });
  const runner = fakeRunner({ inputs: INPUTS });
  const files: Record<string, string> = {};
  const now = delivery.clock.now();
  const secrets = { [DATABASE.secret]: days === undefined ? {} : { putAt: now - days * DAY } };
  const world: ReportingWorld = {
    ...delivery.as('gate', { ...job, runner }),
    reports: {
      write: async (name, text) => {
        files[name] = typeof text === 'string' ? text : [...text].join('');
        return `/tmp/${name}`;
      },
    },
    issues: undefined,
    open: () => ({ ...reportWorld({ ...EMPTY, secrets }, now), vault: delivery.vault, account }),
  };
  return { outcome: await run(readInputs(runner, inputs), world), runner, files };
}

test.each([
  [10, 'clean', 'OK', true],
  [95, 'due', 'OK', true],
  [200, 'found', 'CREDENTIAL_OVERDUE', false],
  [undefined, 'found', 'CREDENTIAL_UNKNOWN', false],
] as const)('a secret of %s days makes the run %s', async (days, outcome, reasonCode, ok) => {
  const told = await reported(days);
  expect(told.outcome).toMatchObject({ outcome, reasonCode, ok });
  expect(told.runner.outputs).toMatchObject({
    'report-file': '/tmp/credentials.json',
    'sarif-file': '/tmp/credentials.sarif',
  });
  expect(JSON.parse(told.files['credentials.json'] ?? '').credentials).toMatchObject([
    { id: 'orders-db', owner: expect.arrayContaining(['sre-gold']) },
  ]);
});

test("a customer's repository hears nothing of a tenant's credentials", async () => {
  await expect(reported(10, {})).rejects.toMatchObject({ code: failures.credentialNotAgreed.code });
});
