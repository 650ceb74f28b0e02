import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { iamOf } from '@tenant-delivery/local-aws/services/iam';
import { commitFiles } from '@tenant-delivery/local-github/git/write';
import { repositoryNamed } from '@tenant-delivery/local-github/world/repository';
import { ruleBranches } from '@tenant-delivery/local-platform/branch-rules';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { ORDERS } from '../stage/acme.ts';
import { giveReadingApp } from '../stage/reading-app.ts';
import { changesIn, errorsOf, logOf, openStage, recordsIn } from '../stage/stage.ts';

const { tenant, environment, account, region } = ORDERS;
const PLACE = { tenant, environment, account, region };

let stage: Stage;
let contract: TenantContract;
let keyLine = '';
const shown: string[] = [];

beforeAll(async () => {
  stage = await openStage({});
  const acme = stage.platform.tenants['acme'];
  if (!acme) throw new Error('acme was not set up');
  contract = acme.contract;
  ruleBranches(stage.platform.github, contract);
  await reviewed(contract);
}, 60_000);
afterAll(() => stage?.platform.close());

const operations = () => repositoryNamed(stage.platform.github.world, contract.operations.repository);

/** The file of the contract, as people merged it. */
async function reviewed(agreed: TenantContract): Promise<void> {
  const files = { 'tenants/acme.yaml': JSON.stringify(agreed) };
  const author = { name: 'sre-kim', email: 'sre-kim@users.noreply.github.com' };
  await commitFiles(operations().path, { branch: 'main', message: 'The contract', author, files });
}

async function look(inputs: Readonly<Record<string, string>> = {}) {
  const run = await stage.run({
    repository: contract.operations.repository,
    workflow: '.github/workflows/doctor.yml',
    ref: 'refs/heads/main',
    event: 'workflow_dispatch',
    inputs: { ...PLACE, all: 'false', ...inputs },
    actor: 'sre-kim',
  });
  const { result } = run;
  const summary = result.jobs.map((job) => job.summary).join('\n');
  shown.push(logOf(result), summary);
  return { outcome: run.outcome, conclusion: result.conclusion, errors: errorsOf(result), summary, result };
}

it('says what it may not see, and opens an issue about it', async () => {
  const { outcome, conclusion, errors, summary } = await look();
  expect({ outcome, conclusion, errors }).toEqual({ outcome: 'unknown', conclusion: 'success', errors: [] });
  expect(summary).toContain('READER_APP_ID');
  expect(operations().issues.map(({ title, state }) => [title, state])).toEqual([
    ['Not everything is known to be as the contract of acme promises', 'open'],
  ]);
});

it('closes the issue once everything was seen, and is as the contract promises', async () => {
  keyLine = giveReadingApp(stage.platform, contract);
  const { outcome, summary } = await look();
  expect({ outcome, summary }).toMatchObject({ outcome: 'ok' });
  expect(operations().issues.map(({ state }) => state)).toEqual(['closed']);
});

it('finds a workflow that calls another release than the contract agrees on', async () => {
  const { path } = repositoryNamed(stage.platform.github.world, 'acme/orders');
  const author = { name: 'dev-ana', email: 'dev-ana@users.noreply.github.com' };
  const calling = (ref: string) => ({
    '.github/workflows/by-hand.yml': `on: workflow_dispatch\njobs:\n  deliver:\n    uses: OWNER/tenant-delivery/.github/workflows/deliver.yml@${ref}\n`,
  });
  await commitFiles(path, { branch: 'main', message: 'Try main', author, files: calling('main') });
  const { outcome, summary } = await look();
  expect(outcome).toBe('wrong');
  expect(summary).toContain('by-hand.yml call main, which the roles do not trust');
  const [release = ''] = contract.releases ?? [];
  await commitFiles(path, { branch: 'main', message: 'Call it', author, files: calling(release) });
  expect((await look()).outcome).toBe('ok');
});

it('does not know what repositories call while the App may not read their files, and says so', async () => {
  const installed = [...stage.platform.github.world.installations.values()].find(
    ({ permissions }) => permissions['contents'] === 'read',
  );
  if (!installed) throw new Error('no App that reads is installed');
  const own = installed.permissions;
  Object.assign(installed, { permissions: { actions: 'read' } });
  const { outcome, summary } = await look();
  Object.assign(installed, { permissions: own });
  expect(outcome).toBe('unknown');
  expect(summary).toContain('releases that acme/orders calls');
  expect(summary).toContain('contents: read');
});

it('finds what somebody broke in the account and at GitHub, keeps one issue, and closes it when that is mended', async () => {
  const { roles } = iamOf(stage.platform.aws.world, account);
  const own = roles['td-prod-gate'];
  const { rulesets } = repositoryNamed(stage.platform.github.world, 'acme/orders');
  const rules = rulesets.splice(0);
  delete roles['td-prod-gate'];
  const { outcome, result } = await look();
  expect(outcome).toBe('wrong');
  await look();
  const open = operations().issues.filter(({ state }) => state === 'open');
  expect(open).toHaveLength(1);
  expect(open[0]?.body).toContain('role td-prod-gate: there is none');
  expect(open[0]?.body).toContain('aws iam create-role --role-name td-prod-gate');
  expect(open[0]?.body).toContain('main may be deleted');
  const [report = new Uint8Array()] = result.artifacts.get('doctor-acme-prod')?.values() ?? [];
  const [examination] = JSON.parse(Buffer.from(report).toString()).examinations;
  expect(examination.lines).toContainEqual(
    expect.objectContaining({ id: 'role/td-prod-gate', result: 'wrong' }),
  );
  if (own) roles['td-prod-gate'] = own;
  rulesets.push(...rules);
  expect((await look()).outcome).toBe('ok');
  expect(operations().issues.every(({ state }) => state === 'closed')).toBe(true);
});

it('looks at GitHub where nobody gets into the account any more, and says why', async () => {
  const { oidcProviders } = iamOf(stage.platform.aws.world, account);
  const [[host, provider] = ['', undefined]] = Object.entries(oidcProviders);
  delete oidcProviders[host];
  const { outcome, conclusion, summary } = await look();
  if (provider) oidcProviders[host] = provider;
  expect({ outcome, conclusion }).toEqual({ outcome: 'unknown', conclusion: 'success' });
  expect(summary).toContain('the account of these credentials');
  expect(summary).toContain('13 ok'); // what GitHub and the contract say
});

it('compares what is published with the file', async () => {
  await reviewed({ ...contract, serial: contract.serial + 1 });
  const { outcome, summary } = await look();
  await reviewed(contract);
  expect(outcome).toBe('wrong');
  expect(summary).toContain('the file has');
});

describe('refuses a file', () => {
  it.each([
    ['of another tenant', 'CONTRACT_FOREIGN', (of: TenantContract) => ({ ...of, id: 'globex' })],
    ['of another account', 'CONTRACT_FOREIGN', (of: TenantContract) => ({ ...of, account: '000033334444' })],
    ['that is none', 'CONTRACT_INVALID', () => ({}) as TenantContract],
  ])('%s', async (_, code, changed) => {
    await reviewed(changed(contract));
    const { conclusion, errors } = await look();
    await reviewed(contract);
    expect(conclusion).toBe('failure');
    expect(JSON.stringify(errors)).toContain(code);
  });
});

it('looks at all environments of all tenants when it is asked to', async () => {
  const { result } = await look({ all: 'true' });
  expect(result.jobs.map(({ id }) => id).filter((id) => id.startsWith('all')).length).toBeGreaterThan(1);
});

it('changes nothing in the account, records nothing, and shows no key of the App', () => {
  const calls = stage.platform.aws.calls.filter(({ principal }) => principal?.includes('td-prod-observe'));
  expect(calls.length).toBeGreaterThan(0);
  expect(changesIn(calls)).toEqual([]);
  expect(recordsIn(calls)).toEqual([]);
  expect(JSON.stringify(shown)).not.toContain(keyLine);
});
