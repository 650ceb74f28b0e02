import { accountReader } from '@tenant-delivery/aws/doctor/account-reader';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import { githubReader } from '@tenant-delivery/github/repositories/github-reader';
import { githubClient } from '@tenant-delivery/github/session/github-client';
import { type OperatorKey, operatorArn } from '@tenant-delivery/local-aws';
import type { LocalPlatform } from '@tenant-delivery/local-platform';
import { agreedEnvironment } from '@tenant-delivery/provisioning/doctor/agreed-environment';
import { type Examination, examine } from '@tenant-delivery/provisioning/doctor/examine';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';

interface Wish {
  /** A contract in place of the one that was set up. */
  readonly contract?: TenantContract;
  /** The newest release; none when absent. */
  readonly newest?: string;
  /** Who publishes contracts; the operator when absent. */
  readonly publishers?: readonly string[];
  /** Whose token is used at GitHub; sre-kim's when absent. */
  readonly login?: string;
  /** The key of another account; that of acme's operator when absent. */
  readonly operator?: OperatorKey;
}

/** What doctor says of acme's production, asked by the account's operator. */
export async function examined(platform: LocalPlatform, wish: Wish = {}): Promise<Examination> {
  const { aws, github, trust, provider } = platform;
  const acme = platform.tenants['acme'];
  if (!acme) throw new Error('acme was not set up');
  const {
    contract = acme.contract,
    publishers = [operatorArn(acme.contract)],
    newest,
    login = 'sre-kim',
    operator = acme.operator,
  } = wish;
  const place = agreedEnvironment(contract, 'prod', { provider, publishers, trust, at: aws.clock.now() });
  const base = { region: place.environment.region, local: true, scale: 1, userAgent: 'tests' };
  const config = { ...clientConfig(base, async () => operator), endpoint: aws.url };
  const { token } = github.addUser({ login, id: github.world.users.get(login)?.id ?? 900_001 });
  const client = await githubClient(github.apiUrl, token, { now: Date.now, sleep: async () => {} });
  return examine(place, {
    sight: { account: accountReader(config, acme.contract.account), vault: acme.vault('prod') },
    github: githubReader(async () => client),
    newest: Promise.resolve(newest),
  });
}
