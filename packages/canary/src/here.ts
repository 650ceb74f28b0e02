import { clockFrom } from '@tenant-delivery/action-kit/clock';
import { githubClient } from '@tenant-delivery/github/session/github-client';
import { seedScanning } from '@tenant-delivery/local-aws/services/ecr';
import {
  type LocalPlatform,
  type PlatformOptions,
  startLocalPlatform,
} from '@tenant-delivery/local-platform';
import { playAskedRuns } from '@tenant-delivery/local-platform/play-asked';
import { canaryAccount, type MadeIn } from './account.ts';
import type { CanaryTenant } from './canary-tenant.ts';
import { githubStage } from './github-stage.ts';
import { contractsHere, seedAccess } from './here-access.ts';
import type { People } from './people.ts';

const LOOK = 200; // milliseconds between two looks at a run

const REPOSITORIES = { service: 'acme/orders', operations: 'OWNER/tenant-operations' };

/** The tenant of the templates, on servers of this machine. */
export const HERE: CanaryTenant = {
  tenant: 'acme',
  environment: 'prod',
  account: '000011112222',
  region: 'eu-west-1',
  service: 'orders',
  credential: 'canary',
  grant: { requester: 'kim@example.com', principal: 'sre' },
  deniedBase: '${REGISTRY}/base/node:24-old',
};

/** Where it makes something. */
const MADE_HERE: MadeIn = {
  cluster: 'acme-prod',
  service: 'orders',
  family: 'acme-prod-orders',
  repository: 'acme/orders',
};

/** A canary's stage on local servers, whose runs are played with step debug logging. Close it at the end. */
export async function stageHere(signal: AbortSignal, options: PlatformOptions = {}) {
  const platform = await startLocalPlatform({ scale: 30, contracts: contractsHere(), ...options });
  seedAccess(platform, HERE);
  seedScanning(platform.aws.world, HERE.account, HERE.region, 'ENHANCED', 'CONTINUOUS_SCAN'); // as the account's stack sets it
  const player = playAskedRuns(platform, { secrets: { ACTIONS_STEP_DEBUG: 'true' } });
  const stage = githubStage(await peopleOf(platform), { repositories: REPOSITORIES, every: LOOK, signal });
  const credentials = platform.tenants[HERE.tenant]?.operator;
  const config = { region: HERE.region, endpoint: platform.aws.url, ...(credentials && { credentials }) };
  return {
    platform,
    stage,
    account: canaryAccount(config, MADE_HERE),
    close: async () => {
      await player.stop();
      await platform.close();
    },
  };
}

async function peopleOf({ github }: LocalPlatform): Promise<People> {
  const as = (login: string) => {
    const { token } = github.world.users.get(login) ?? {};
    if (token === undefined) throw new Error(`nobody here is called ${login}`);
    return githubClient(github.apiUrl, token, clockFrom({}));
  };
  return {
    author: await as('dev-ana'),
    sre: await as('sre-kim'),
    reviewers: [await as('lead-ben'), await as('sre-lou')],
  };
}
