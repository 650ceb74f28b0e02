import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { provisioningOn } from '@tenant-delivery/cli/demo/provisioning-stage';
import type { Delivery, Stage } from '@tenant-delivery/cli/demo/stage';
import { seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { addApp, installApp } from '@tenant-delivery/local-github/world/app';
import { repositoryNamed } from '@tenant-delivery/local-github/world/repository';
import { umbrellaContract } from '@tenant-delivery/local-platform';
import { giveReadingApp } from '../stage/reading-app.ts';
import { errorsOf, logOf, openStage } from '../stage/stage.ts';

const APP = { id: 78, key: 'td/rotation/github-app' };

let stage: Stage;
let on: ReturnType<typeof provisioningOn>;
let keyLine = '';
let readerLine = '';
/** Everything that the runs printed. */
const shown: string[] = [];
const contract = umbrellaContract();
const [customer] = contract.repositories;

beforeAll(async () => {
  const { prod } = contract.environments;
  if (!prod || !customer) throw new Error('umbrella has a repository and an environment');
  const agreed = { ...contract, environments: { prod: { ...prod, githubApp: APP } } };
  stage = await openStage({ scale: 120, contracts: [], empty: [agreed] });
  on = provisioningOn(stage);
  const { aws, github } = stage.platform;
  const [owner = ''] = customer.repository.split('/');
  const permissions = { administration: 'write', actions: 'read' } as const;
  const { app, privateKey } = addApp(github.world, {
    ...{ id: APP.id, slug: 'settings', owner, permissions },
  });
  installApp(github.world, app, { account: owner });
  keyLine = privateKey.split('\n')[3] ?? '';
  seedSecret(aws.world, contract.account, prod.region, { name: APP.key, value: privateKey });
}, 60_000);
afterAll(() => stage?.platform.close());

async function keeping(run: Promise<Delivery>): Promise<Delivery> {
  const { result, ...rest } = await run;
  shown.push(logOf(result), ...result.jobs.map(({ summary }) => summary));
  return { result, ...rest };
}
const provision = () => keeping(on.provision('foundation'));

const repository = () => repositoryNamed(stage.platform.github.world, customer?.repository ?? '');

it("sets GitHub's side with the foundation once it is approved, by the App of the contract", async () => {
  const run = await provision();
  expect({ outcome: run.outcome, errors: errorsOf(run.result) }).toEqual({ outcome: 'applied', errors: [] });
  const [summary = ''] = run.result.jobs.filter(({ id }) => id.endsWith('/plan')).map((job) => job.summary);
  expect(summary).toContain('main may be force-pushed');
  const [ruleset] = repository().rulesets;
  expect(ruleset).toMatchObject({
    include: ['refs/heads/main'],
    rules: ['deletion', 'non_fast_forward'],
    made: { name: 'tenant-delivery umbrella-prod', enforcement: 'active', bypass: [] },
  });
  expect(ruleset?.made?.checks.map(({ context }) => context)).toContainEqual(
    expect.stringMatching(/^release gate \(umbrella\/prod\//),
  );
  expect((await provision()).outcome).toBe('unchanged');
});

it('is unknown to the drift without an App that reads: no role that looks reads the key of the App that sets', async () => {
  const drift = await keeping(on.start('drift', {}));
  expect(drift.result.jobs.map(({ summary }) => summary).join('\n')).toContain('reader-app-id');
});

it('names in the drift what somebody has loosened since, and a plan puts it right', async () => {
  repository().rulesets.splice(0);
  readerLine = giveReadingApp(stage.platform, contract);
  const drift = await keeping(on.start('drift', {}));
  expect(drift.result.jobs.map(({ summary }) => summary).join('\n')).toContain('main may be deleted');
  expect((await provision()).outcome).toBe('applied');
  expect(repository().rulesets).toHaveLength(1);
});

it('shows no key and no token of the App', () => {
  const { tokens } = stage.platform.github.world;
  const minted = [...tokens].flatMap(([token, { kind }]) => (kind === 'installation' ? [token] : []));
  expect(minted.length).toBeGreaterThan(0);
  const seen = JSON.stringify(shown);
  for (const secret of [...minted, keyLine, readerLine]) expect(seen).not.toContain(secret);
});
