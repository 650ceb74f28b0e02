import { admitStacks } from '@tenant-delivery/delivery/admit-stacks';
import { resumeChange } from '@tenant-delivery/delivery/change';
import type { Issues } from '@tenant-delivery/delivery/github-ports';
import { inMemoryDelivery } from '@tenant-delivery/delivery/test/in-memory-delivery';
import type { Service } from '@tenant-delivery/deployment/observed';
import type { Part } from '@tenant-delivery/domain';
import { contractOfSize } from '@tenant-delivery/provisioning/contract-of-size';
import { StackPlan } from '@tenant-delivery/provisioning/plan/plan';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { contractKey } from '@tenant-delivery/tenancy/derived-names';
import { sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { fakeClock } from '@tenant-delivery/testkit/fake-clock';
import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { putDocument } from '@tenant-delivery/vault/objects';
import type { Vault } from '@tenant-delivery/vault/ports';
import { inputs } from '../src/inputs.ts';
import type { World } from '../src/ports.ts';
import { readGiven } from '../src/read-given.ts';
import { run } from '../src/run.ts';
import { aCloudFormation } from './a-cloudformation.ts';
import { aGithub } from './a-github.ts';

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
  /** What ECS says of services, by name. */
  const services = new Map<string, Partial<Service>>();
  const newest = new Map<string, string>();
  const lifted: string[] = [];
  const tunnels = { up: true };
  const health = { zones: ['a', 'b', 'c'] as readonly string[] };
  const rejected: string[] = [];
  const issues = anIssueList();
  const github = aGithub();
  const trail = new Map<string, { at: number; by: string; call: string }>();

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
    };
    const reads = {
      service: async (_: string, name: string) => services.get(name) as Service | undefined,
      taskDefinition: async (family: string) => {
        const arn = newest.get(family);
        return arn === undefined ? undefined : { arn, family, active: true, tags: [], document: DOCUMENT };
      },
      tasks: async () => health.zones.map((zone, i) => ({ address: `10.0.10.${i}`, zone }) as never), // what a look at health reads
    };
    const only = <T>(wanted: string, made: T) => {
      if (mode !== wanted) throw new Error(`mode ${mode} asked for the world of ${wanted}`);
      return made;
    };
    return {
      runner: recording.runner,
      plan: async () => only('plan', { ...recording, services: reads, settings: github.at }),
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
          services: reads,
          targets: {
            targetGroup: async () => undefined,
            targets: async () =>
              health.zones.map((_, i) => ({ address: `10.0.10.${i}`, state: 'healthy' }) as never),
          },
          surroundings: {
            balancer: async (name: string) => ({
              arn: `arn:${name}`,
              name,
              scheme: 'internal',
              vpc: 'vpcid-1',
              state: 'active',
            }),
            targetGroups: async (arns: readonly string[]) =>
              arns.map((arn) => ({
                arn,
                name: 'orders',
                type: 'ip',
                vpc: 'vpcid-1',
                balancers: [
                  'arn:aws:elasticloadbalancing:eu-west-1:000011112222:loadbalancer/app/internal/1',
                ],
              })),
            subnets: async (ids: readonly string[]) =>
              ids.map((id) => ({ id, vpc: 'vpcid-1', zoneId: 'euw1-az1', free: 200 })),
            role: async () => undefined,
            logGroupExists: async () => true,
          },
          balancers: {
            lift: async (name: string) => {
              lifted.push(name);
              return 'done' as const;
            },
          },
          tunnels: { tunnels: async () => [{ outside: '203.0.113.1', up: tunnels.up }] },
          settings: github.at,
        }),
      observe: async () =>
        only('observe', {
          ...recording,
          trail: () => ({ lastChange: async (id: string) => trail.get(id) }),
          issues: async () => issues.port,
          settings: github.at,
        }),
    };
  };

  const act = async (mode: 'plan' | 'apply' | 'observe' | 'settle', options: Act = {}) => {
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
    if (part === 'services') runService();
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
  /** What ECS has once the stack of the service is made. */
  const runService = (revision = 1, desired = 2) => {
    const arn = `arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders-0:${revision}`;
    newest.set('acme-prod-orders-0', arn);
    newest.set(arn, arn);
    services.set('orders-0', {
      status: 'ACTIVE',
      taskDefinition: arn,
      desired,
      document: {
        networkConfiguration: {
          awsvpcConfiguration: { subnets: ['subnetsapp-1'], securityGroups: ['groupappid-1'] },
        },
        loadBalancers: [{ targetGroupArn: 'arn:tg', containerName: 'orders-0', containerPort: 8080 }],
      },
      breaker: { enabled: true, rollback: true },
    });
  };
  return {
    ...{
      clock,
      contract,
      delivery,
      cloudformation,
      act,
      approve,
      find,
      stateOf,
      planOf,
      provision,
      republish,
    },
    ...{ services, newest, lifted, tunnels, health, rejected, issues, github, trail, runService },
  };
}

/** The vault as a machine sees it that may die. */
function mortal(vault: Vault, machine: { readonly dead: boolean }): Vault {
  const alive =
    <Asked extends readonly unknown[], T>(ask: (...asked: Asked) => Promise<T>) =>
    async (...asked: Asked): Promise<T> => {
      if (machine.dead) throw new Error('the machine died');
      return ask(...asked);
    };
  return {
    read: alive(vault.read.bind(vault)),
    create: alive(vault.create.bind(vault)),
    replace: alive(vault.replace.bind(vault)),
    list: alive(vault.list.bind(vault)),
  };
}

const DOCUMENT = {
  networkMode: 'awsvpc',
  containerDefinitions: [{ name: 'orders-0', portMappings: [{ containerPort: 8080 }] }],
};

function anIssueList() {
  const kept: { number: number; title: string; body: string; state: string; comments: string[] }[] = [];
  const port: Issues = {
    openAll: async (_, marker) =>
      kept
        .filter(({ body, state }) => state === 'open' && body.startsWith(marker))
        .map(({ number, body }) => ({ number, body, url: `https://github.test/issues/${number}` })),
    openOne: async (repository, marker) => (await port.openAll(repository, marker))[0],
    create: async (_, title, body) => {
      kept.push({ number: kept.length + 1, title, body, state: 'open', comments: [] });
      return { number: kept.length, body, url: `https://github.test/issues/${kept.length}` };
    },
    update: async (_, issue, change) => {
      const found = kept[issue - 1];
      if (found) Object.assign(found, change);
    },
    comment: async (_, issue, body) => {
      kept[issue - 1]?.comments.push(body);
    },
  };
  return { kept, port };
}

export async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing was thrown',
    (thrown: unknown) => (thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown)),
  );
}
