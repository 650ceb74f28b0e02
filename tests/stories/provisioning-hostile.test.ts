import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  GetTemplateCommand,
  ListChangeSetsCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { provisioningOn, UMBRELLA } from '@tenant-delivery/cli/demo/provisioning-stage';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import type { RunEvent } from '@tenant-delivery/local-github';
import { push } from '@tenant-delivery/local-github/world/activity';
import { review } from '@tenant-delivery/local-github/world/approval';
import { repositoryNamed } from '@tenant-delivery/local-github/world/repository';
import { umbrellaContract } from '@tenant-delivery/local-platform';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { changesIn, errorsOf, openStage } from '../stage/stage.ts';

const NETWORK = 'td-umbrella-prod-network';
let stage: Stage;
let on: ReturnType<typeof provisioningOn>;
let contract: TenantContract;

beforeAll(async () => {
  stage = await openStage({ scale: 120, runtime: 'simulated', contracts: [], empty: [umbrellaContract()] });
  on = provisioningOn(stage);
  contract = on.contract;
  await on.provision('foundation');
  expect((await on.provision('network')).outcome).toBe('applied');
}, 90_000);
afterAll(() => stage?.platform.close());

/** The next serial, in which the edge reaches the application at one more port. */
async function publishPort(port: string): Promise<void> {
  const next = structuredClone(contract);
  next.environments['prod']?.layerEdges[0]?.ports.push(port);
  contract = { ...next, serial: contract.serial + 1 };
  await stage.platform.publish(contract);
}

/** Approves the plan once something has happened after it. */
function approvingAfter(happens: () => Promise<void>): (event: RunEvent) => void {
  const { world } = stage.platform.github;
  return (event) => {
    if (event.kind !== 'job-waiting' || event.on.kind !== 'reviewers') return;
    void happens().then(() => {
      const { runs } = repositoryNamed(world, contract.operations.repository);
      const waiting = runs.flatMap(({ pending }) => pending).find(({ job }) => job.id === event.job.apiId);
      if (waiting) review(world, waiting.job, { state: 'approved', login: 'lead-eli', comment: '' });
    });
  };
}

const cloudformation = () =>
  new CloudFormationClient({
    region: UMBRELLA.region,
    endpoint: stage.platform.aws.url,
    credentials: on.operator,
  });
const executed = (from: number) =>
  stage.platform.aws.calls.slice(from).filter(({ operation }) => operation === 'ExecuteChangeSet');

describe('what is provisioned', () => {
  it("is nothing that a customer's repository could ask for", async () => {
    const { world } = stage.platform.github;
    const caller = `on: workflow_dispatch
permissions: {}
jobs:
  provision:
    permissions: { actions: read, id-token: write }
    uses: ${stage.platform.provider}/.github/workflows/provision.yml@${stage.platform.tag}
    with: { tenant: umbrella, environment: prod, account: "${UMBRELLA.account}", region: ${UMBRELLA.region}, part: network }
`;
    await push(world, repositoryNamed(world, 'umbrella/shop'), {
      branch: 'main',
      files: { '.github/workflows/provision.yml': caller },
      message: 'Open our own ports',
      author: { name: 'lead-eli', email: 'lead-eli@users.noreply.github.com' },
      by: 'lead-eli',
    });
    const before = stage.platform.aws.calls.length;
    const { result } = await stage.run({
      repository: 'umbrella/shop',
      workflow: '.github/workflows/provision.yml',
      ref: 'refs/heads/main',
      event: 'workflow_dispatch',
      actor: 'lead-eli',
      approveAs: 'lead-eli',
    });
    expect(errorsOf(result)).toMatchObject([{ title: 'ROLE_NOT_ASSUMED' }]);
    expect(changesIn(stage.platform.aws.calls.slice(before))).toEqual([]);
  });

  it('is no change set that was altered after people saw the plan', async () => {
    await publishPort('8443');
    const before = stage.platform.aws.calls.length;
    const run = await on.provision('network', {
      approveAs: {},
      onEvent: approvingAfter(async () => {
        const aws = cloudformation();
        const { Summaries = [] } = await aws.send(new ListChangeSetsCommand({ StackName: NETWORK }));
        const ChangeSetName = Summaries[0]?.ChangeSetName ?? '';
        const { TemplateBody = '{}' } = await aws.send(
          new GetTemplateCommand({ StackName: NETWORK, ChangeSetName }),
        );
        await aws.send(new DeleteChangeSetCommand({ StackName: NETWORK, ChangeSetName }));
        await aws.send(
          new CreateChangeSetCommand({
            StackName: NETWORK,
            ChangeSetName,
            TemplateBody: TemplateBody.replaceAll('8443', '22'),
            Capabilities: ['CAPABILITY_NAMED_IAM'],
          }),
        );
      }),
    });
    expect(errorsOf(run.result)).toContainEqual(expect.objectContaining({ title: 'STACK_PLAN_CHANGED' }));
    expect(executed(before)).toEqual([]);
  });

  it('is made once by two runs that race', async () => {
    await publishPort('8444');
    const before = stage.platform.aws.calls.length;
    const runs = await Promise.all([on.provision('network'), on.provision('network')]);
    expect(runs.filter(({ outcome }) => outcome === 'applied')).toHaveLength(1);
    expect(executed(before)).toHaveLength(1);
    for (const { change } of runs.filter((one) => one.change !== '')) {
      const last = (await on.states('network', change)).at(-1);
      expect(['closed', 'unchanged', 'withdrawn', 'abandoned', 'rejected']).toContain(last);
    }
  });
});
