import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atCustomer, vpnsOf } from '@tenant-delivery/local-aws/ec2/vpn-state';
import { mergePullRequest } from '@tenant-delivery/local-github/world/merge-pull-request';
import type { LocalPlatform } from '@tenant-delivery/local-platform';
import { ruleBranches } from '@tenant-delivery/local-platform/branch-rules';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { type Desk, started, succeeded } from './reader.ts';

const SHOP = 'umbrella/shop';
const APPROVES: Readonly<Record<string, string>> = { umbrella: 'lead-eli', acme: 'lead-ben' };

/** What people do who are no program, by the words of the guide. Each of them must be on a page. */
export function clicksOf(contract: TenantContract): Readonly<Record<string, (desk: Desk) => Promise<void>>> {
  const { operations } = contract;
  return {
    'open a pull request of this branch. Once people have agreed to it, merge it.': merge,
    'read the plan in the summary of the run, and approve it.': approve,
    'make the environments `umbrella-prod` and `umbrella-prod-approval` in the operations repository.':
      async ({ stage }) => protect(stage.platform, operations.repository, contract),
    'make both environments in your repository in the same way.': async ({ stage }) =>
      protect(stage.platform, SHOP, contract),
    'make the branch ruleset `tenant-delivery umbrella-prod`.': async ({ stage }) =>
      ruleBranches(stage.platform.github, contract),
    'set up both tunnels on your gateway, with the addresses and keys of these files.': setUpTunnels,
  };
}

async function merge(desk: Desk): Promise<void> {
  const { pushed, stage } = desk;
  if (!pushed) throw new Error('no branch was pushed');
  desk.pushed = undefined;
  const { github } = stage.platform;
  const { repository, branch } = pushed;
  const [user, by] = repository === SHOP ? ['dev-ana', 'dev-ana'] : ['sre-kim', 'sre-lou'];
  const pull = await github.openPullRequest({ repository, head: branch, user, title: branch });
  if (repository === SHOP) await checked(desk, pull.number);
  if ((await mergePullRequest(github.world, pull, { by })) === undefined)
    throw new Error(`${branch} conflicts`);
  if (repository === SHOP)
    await started(desk, { ...ofShop('deliver'), ref: 'refs/heads/main', event: 'push', actor: by });
}

const ofShop = (workflow: string) => ({ repository: SHOP, workflow: `.github/workflows/${workflow}.yml` });

/** The check that the ruleset asks for. */
async function checked(desk: Desk, number: number): Promise<void> {
  const ref = `refs/pull/${number}/merge`;
  succeeded(
    desk,
    await desk.stage.run({ ...ofShop('pull-request'), ref, event: 'pull_request', actor: 'dev-ana' }),
  );
}

async function approve(desk: Desk): Promise<void> {
  const { waiting, env } = desk;
  if (!waiting) throw new Error('no run waits for a review');
  desk.waiting = undefined;
  succeeded(desk, await waiting.review(APPROVES[env['AWS_PROFILE'] ?? ''] ?? ''));
}

function protect({ github }: LocalPlatform, repository: string, { environments }: TenantContract): void {
  for (const { approval, protection } of Object.values(environments)) {
    const { branches, environment: name } = protection;
    github.setEnvironment(repository, { name, branches, adminsBypass: false });
    github.setEnvironment(repository, {
      ...{ name: approval.environment, branches, adminsBypass: false, preventSelfReview: true },
      reviewers: Object.keys(approval.required).flatMap((role) => approval.roles[role] ?? []),
    });
  }
}

/** The device takes the key of each tunnel from the files that the customer was given. */
async function setUpTunnels({ stage, folder, env }: Desk): Promise<void> {
  const { world } = stage.platform.aws;
  const given = (file: string) => readFileSync(join(folder, 'operations', file), 'utf8');
  const { tunnels } = JSON.parse(given('hq-keys.json'));
  const addresses = [...given('hq-tunnels.xml').matchAll(/<ip_address>([\d.]+)</g)].map(([, ip]) => ip);
  const { account } = stage.platform.tenants['umbrella']?.contract ?? {};
  const [vpn] = Object.values(vpnsOf(world, account ?? '', env['AWS_REGION'] ?? ''));
  for (const tunnel of vpn?.tunnels ?? []) {
    if (!addresses.includes(tunnel.outsideIp)) continue;
    const key = [tunnels]
      .flat()
      .find(({ outsideIpAddress }) => outsideIpAddress === tunnel.outsideIp)?.preSharedKey;
    atCustomer(world, tunnel, { key });
  }
  await world.clock.sleep(10 * 60_000);
}
