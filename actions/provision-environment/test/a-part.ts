import { admitStacks } from '@tenant-delivery/delivery/admit-stacks';
import { resumeChange } from '@tenant-delivery/delivery/change';
import { inMemoryDelivery } from '@tenant-delivery/delivery/test/in-memory-delivery';
import type { Part } from '@tenant-delivery/domain';
import { contractOfSize } from '@tenant-delivery/provisioning/contract-of-size';
import { StackPlan } from '@tenant-delivery/provisioning/plan/plan';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { contractKey } from '@tenant-delivery/tenancy/derived-names';
import { sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { fakeClock } from '@tenant-delivery/testkit/fake-clock';
import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { putDocument } from '@tenant-delivery/vault/objects';
import { inputs } from '../src/inputs.ts';
import type { World } from '../src/ports.ts';
import { readGiven } from '../src/read-given.ts';
import { run } from '../src/run.ts';
import { aBackupService } from './a-backup-service.ts';
import { aCloudFormation } from './a-cloudformation.ts';
import { aCopyReader } from './a-copy-reader.ts';
import { aGithub } from './a-github.ts';
import { anAccount } from './an-account.ts';
import { anIssueList } from './an-issue-list.ts';
import { mortal } from './mortal-vault.ts';

const PLACE = { tenant: 'acme', environment: 'prod', account: '000011112222', region: 'eu-west-1' };
const LEAD_BEN = {
  kind: 'human',
  id: 'github:200001',
  login: 'lead-ben',
  role: 'customer',
  via: 'environment-review',
} as const;

/** A contract with one service, as a provider provisions it. */
function aContract(): TenantContract {
  const contract = contractOfSize({ services: 1, repositories: 1, releases: 1, longest: false });
  return { ...contract, publishers: ['arn:aws:iam::000011112222:role/publisher'] };
}

export interface Act {
  readonly part?: Part;
  readonly kind?: 'provision' | 'withdrawal';
  readonly change?: string;
  readonly runner?: FakeRunner;
  readonly run?: string;
  readonly attempt?: number;
  readonly inputs?: Readonly<Record<string, string>>;
}

/** An account with nothing in it, its contract, and the action over both. */
export async function aPart(agreed: (contract: TenantContract) => TenantContract = (contract) => contract) {
  const clock = fakeClock();
  const contract = agreed(aContract());
  const delivery = await inMemoryDelivery({ clock, contract: () => contract });
  const cloudformation = aCloudFormation(clock);
  const account = anAccount(cloudformation);
  const backups = aBackupService(clock, cloudformation);
  const copies = aCopyReader(clock);
  const rejected: string[] = [];
  const issues = anIssueList();
  const github = aGithub();
  const written = new Map<string, string>();

  const worldOf = (mode: string, { runner, run: runId = '9001', attempt = 1 }: Act): World => {
    const recording = {
      ...delivery.as('provision', {
        ...(runner && { runner }),
        claims: {
          repository: contract.operations.repository,
          repositoryId: String(contract.operations.repositoryId),
          repositoryOwnerId: String(contract.operations.ownerId),
          jobWorkflowRef: 'OWNER/tenant-delivery/.github/workflows/provision.yml@refs/tags/v1.12.0',
          runId,
          runAttempt: attempt,
        },
        identity: { account: PLACE.account },
      }),
      vault: mortal(delivery.vault, cloudformation.machine),
      stacks: () => cloudformation.ports,
      alarms: account.alarms,
      copies: copies.reads,
    };
    const only = <T>(wanted: string, made: T) => {
      if (mode !== wanted) throw new Error(`mode ${mode} asked for the world of ${wanted}`);
      return made;
    };
    return {
      runner: recording.runner,
      plan: async () =>
        only('plan', {
          ...recording,
          services: account.reads,
          settings: github.at,
          existing: () => cloudformation.existing,
          backups: backups.reads,
          zones: async () => account.zones,
        }),
      settle: async () =>
        only('settle', {
          ...recording,
          runs: async () => ({
            approvalsOf: async () =>
              rejected.map((login) => ({
                environments: ['acme-prod-approval'],
                state: 'rejected' as const,
                by: { id: 1, login },
                comment: '',
              })),
          }),
        }),
      apply: async () =>
        only('apply', {
          ...recording,
          ...account.looks,
          balancers: account.balancers,
          backups: backups.ports,
          settings: github.at,
        }),
      verify: async () => only('verify', { ...recording, ...account.looks, settings: github.at }),
      observe: async () =>
        only('observe', {
          ...recording,
          trail: () => ({ lastChange: async (id: string) => account.trail.get(id) }),
          issues: async () => issues.port,
          settings: github.state.reader ? github.at : undefined,
          reports: {
            write: async (name, text) => {
              written.set(name, [...text].join(''));
              return name;
            },
          },
        }),
    };
  };

  const act = async (mode: 'plan' | 'apply' | 'verify' | 'observe' | 'settle', options: Act = {}) => {
    const runner = options.runner ?? fakeRunner();
    cloudformation.machine.dead = false;
    const reader = fakeRunner({
      inputs: {
        ...PLACE,
        part: options.part ?? 'network',
        mode,
        kind: options.kind ?? 'provision',
        change: options.change ?? '',
        reason: '',
        'external-ref': '',
        'job-status': 'success',
        'timeout-minutes': '120',
        'github-token': 'ghs_x',
        'reader-app-id': '',
        'reader-app-key': '',
        ...options.inputs,
      },
    });
    const outcome = await run(readGiven(reader, inputs), worldOf(mode, { ...options, runner }));
    return { outcome, runner, change: runner.outputs['change'] ?? '' };
  };

  const world = delivery.as('approve');
  const place = (part: Part) => ({ ...PLACE, part });
  const admission = (part: Part) =>
    admitStacks(
      {
        ...world,
        claims: {
          ...world.claims,
          repositoryId: String(contract.operations.repositoryId),
          repositoryOwnerId: String(contract.operations.ownerId),
        },
      },
      place(part),
    );
  const find = async (change: string, part: Part = 'network') =>
    resumeChange(world, await admission(part), change);
  /** Records an approval of the newest plan, as approve-change does. */
  const approve = async (change: string, part: Part = 'network') => {
    const found = await find(change, part);
    const plan = found.evidence('plan');
    const document = await putDocument(delivery.vault, { approved: change });
    await found.append('approved', {
      actor: LEAD_BEN,
      evidence: { approvals: document, 'environment-protection': document },
      ...(plan && { plan }),
    });
  };
  const stateOf = async (change: string, part: Part = 'network') => (await find(change, part)).state;
  const planOf = async (change: string, part: Part = 'network'): Promise<StackPlan> =>
    (await find(change, part)).document('plan', StackPlan);
  /** Plans, approves and applies a part. */
  const provision = async (part: Part, kind: 'provision' | 'withdrawal' = 'provision') => {
    const { change, outcome } = await act('plan', { part, kind });
    if (outcome.outcome !== 'planned') throw new Error(outcome.headline);
    await approve(change, part);
    if (part === 'services') account.runService();
    return act('apply', { part, change });
  };
  /** Publishes the contract as it is now, with the next serial. */
  const republish = async () => {
    Object.assign(contract, { serial: contract.serial + 1 });
    const key = contractKey(PLACE.environment);
    const before = await delivery.vault.read(key);
    const bytes = await sealContract(contract, delivery.signers.contract);
    await delivery.vault.replace(key, bytes, before?.version ?? '');
  };
  return {
    ...{
      clock,
      contract,
      delivery,
      cloudformation,
      backups,
      copies,
      written,
      act,
      approve,
      find,
      stateOf,
      planOf,
      provision,
      republish,
    },
    ...{ rejected, issues, github, lifted: cloudformation.lifted },
    ...account,
  };
}

export async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing was thrown',
    (thrown: unknown) => (thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown)),
  );
}
