import { parseArgs } from 'node:util';
import { clockFrom } from '@tenant-delivery/action-kit/clock';
import { clockScale } from '@tenant-delivery/action-kit/clock-scale';
import { type CanaryAccount, canaryAccount, type MadeIn } from '@tenant-delivery/canary/account';
import { canary, playedHere } from '@tenant-delivery/canary/canary';
import type { CanaryTenant } from '@tenant-delivery/canary/canary-tenant';
import { githubStage } from '@tenant-delivery/canary/github-stage';
import type { People } from '@tenant-delivery/canary/people';
import type { Play, Played } from '@tenant-delivery/canary/play';
import { playsFor } from '@tenant-delivery/canary/plays';
import { isClean, linesOf } from '@tenant-delivery/canary/report';
import { leavingNothing } from '@tenant-delivery/canary/take-away';
import { githubClient } from '@tenant-delivery/github/session/github-client';
import { buildIfStale } from '@tenant-delivery/release/stale';
import type { Io } from '../io.ts';
import { contractsIn } from './contract-files.ts';
import { explain, UsageError } from './usage-error.ts';

const USAGE = `Usage: tenant-delivery canary --tenant NAME --environment NAME --service NAME --denied-base IMAGE [options]

Plays deliveries, a rollback, a crash, a wrong port, a denied image and a broken build in a tenant that is kept for this, on
AWS and GitHub, and compares what AWS answers with what the local AWS does: before that it plays the same here. It approves
its own runs and ends the grants of the requester: never give it a customer.
  --tenant       its contract is tenants/NAME.yaml in this folder; the service's repository begins from templates/customer-repo
  --denied-base  a base image that the tenant's scan policy denies, as a Dockerfile's FROM names it
  --credential   an access key of the contract that nobody uses, with one external consumer, to play a rotation
  --requester    who gets the role for incidents, to play a grant
  --principal    by which principal of the contract (sre)
  --play         only the play of this name, and any other that is given so
  --keep         leaves the images and revisions that it made, and needs no credentials of AWS
  --yes          the tenant's name again: do it. Without this, the plays are listed and nothing is done
  --json         the report as JSON
Tokens of people come from the environment: CANARY_AUTHOR_TOKEN commits, CANARY_SRE_TOKEN starts operations,
CANARY_REVIEWER_TOKENS (by commas) approve. Credentials of the account's administrator, where the SDK of AWS finds them, take
away what canaries have made, also earlier ones that were cut off. Both repositories need the variable ACTIONS_STEP_DEBUG=true.
Exit code: 0 as expected, 1 something is otherwise.`;

const OPTIONS = {
  tenant: { type: 'string' },
  environment: { type: 'string' },
  service: { type: 'string' },
  'denied-base': { type: 'string' },
  credential: { type: 'string' },
  requester: { type: 'string' },
  principal: { type: 'string', default: 'sre' },
  play: { type: 'string', multiple: true },
  keep: { type: 'boolean', default: false },
  yes: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

const EVERY = 10_000; // milliseconds between two looks at a run

/** `canary`: whether AWS and GitHub are as our code and our local servers have them. */
export async function canaryCommand(args: readonly string[], io: Io): Promise<number> {
  return explain(args, io, USAGE, async () => {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    const target = await targetOf(values, io);
    const { tenant } = target.canary;
    const stamp = new Date(clockFrom(io.env).now()).toISOString().replaceAll(/\D/g, '').slice(2, 12);
    const plays = chosen(playsFor(target.canary, stamp), values.play ?? []);
    if (values.yes !== undefined && values.yes !== tenant)
      throw new UsageError(`--yes ${values.yes} is another tenant than --tenant ${tenant}.`);
    if (values.yes === undefined) return list(plays, target, io);
    const { repositories, bots } = target;
    const every = EVERY / clockScale(io.env);
    const stage = githubStage(await peopleIn(io), { repositories, bots, every, signal: io.interrupted });
    const account = values.keep ? undefined : await accountOf(target, io);
    await buildIfStale();
    const names = plays.map(({ name }) => name);
    const expected = await playedHere(names, stamp, io.interrupted, tellsOf(io, 'here'));
    const report = await (account ? leavingNothing(stage, account, work) : work());
    if (values.json) io.out(JSON.stringify(report, null, 2));
    else for (const line of linesOf(report)) io.out(line);
    return isClean(report) ? 0 : 1;

    function work() {
      return canary(stage, plays, expected, tellsOf(io, 'AWS'), account);
    }
  });
}

function list(plays: readonly Play[], { canary: where, repositories }: Target, io: Io): number {
  io.out(`A canary in ${where.environment} of ${where.tenant} (${where.account}, ${where.region}) plays:`);
  for (const { name, start } of plays)
    io.out(`  ${name}: ${start.workflow} of ${repositories[start.repository]}`);
  io.out(`Nothing was done. Add --yes ${where.tenant}, if that tenant is kept for canaries.`);
  return 0;
}

function chosen(plays: readonly Play[], names: readonly string[]): readonly Play[] {
  const unknown = names.filter((name) => !plays.some((play) => play.name === name));
  if (unknown.length > 0)
    throw new UsageError(
      `There is no play ${unknown.join(', ')}: ${plays.map(({ name }) => name).join(', ')}.`,
    );
  return names.length === 0 ? plays : plays.filter(({ name }) => names.includes(name));
}

/** The account, if the credentials that are there are really of it. */
async function accountOf({ canary: { region, account }, made }: Target, { env }: Io): Promise<CanaryAccount> {
  const { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = env;
  const { AWS_SESSION_TOKEN: sessionToken } = env;
  const credentials = id && secret && { accessKeyId: id, secretAccessKey: secret };
  const opened = canaryAccount(
    {
      region,
      ...(endpoint && { endpoint }),
      ...(credentials && { credentials: { ...credentials, ...(sessionToken && { sessionToken }) } }),
    },
    made,
  );
  const found = await opened.id().catch((cause: unknown) => cause);
  if (found === account) return opened;
  const why = found instanceof Error ? found.message : `they are of ${String(found)}`;
  throw new UsageError(
    `Give credentials of ${account} (${why}), to take away what is made; or --keep, to leave it.`,
  );
}

interface Target {
  readonly canary: CanaryTenant;
  readonly bots: readonly number[];
  readonly repositories: { readonly service: string; readonly operations: string };
  readonly made: MadeIn;
}

type Given = ReturnType<typeof parseArgs<{ readonly options: typeof OPTIONS }>>['values'];

/** Names every mistake at once. */
async function targetOf(given: Given, io: Io): Promise<Target> {
  const { tenant, environment, service, 'denied-base': deniedBase, credential, requester, principal } = given;
  const needed = { tenant, environment, service, 'denied-base': deniedBase };
  const missing = Object.entries(needed).flatMap(([name, value]) =>
    value === undefined ? [`--${name}`] : [],
  );
  if (missing.length > 0 || !tenant || !environment || !service || !deniedBase)
    throw new UsageError(`Give ${missing.join(', ')}.`);
  const [found] = await contractsIn([`tenants/${tenant}.yaml`], io);
  const contract = found?.contract;
  const agreed = contract?.environments[environment];
  if (!contract || !agreed) throw new UsageError(`tenants/${tenant}.yaml has no environment ${environment}.`);
  const repository = contract.repositories.find(({ services }) => services.includes(service))?.repository;
  const wrong = [
    ...(agreed.services[service] && repository
      ? []
      : [`there is no service ${service} that a repository delivers`]),
    ...(credential === undefined || agreed.credentials?.some(({ id }) => id === credential)
      ? []
      : [`there is no credential ${credential}`]),
    ...(requester === undefined || agreed.breakGlass ? [] : ['there is no breakGlass, which a grant needs']),
  ];
  const place = agreed.services[service];
  if (wrong.length > 0 || !repository || !place)
    throw new UsageError(`tenants/${tenant}.yaml, environment ${environment}: ${wrong.join('; ')}.`);
  const canary: CanaryTenant = {
    tenant,
    environment,
    account: contract.account,
    region: agreed.region,
    service,
    deniedBase,
    ...(credential !== undefined && { credential }),
    ...(requester !== undefined && { grant: { requester, principal } }),
  };
  const bots = agreed.approval.bots ?? [];
  return {
    canary,
    bots,
    repositories: { service: repository, operations: contract.operations.repository },
    made: {
      cluster: agreed.cluster,
      service,
      family: place.family,
      repository: place.repository,
    },
  };
}

async function peopleIn({ env }: Io): Promise<People> {
  const names = ['CANARY_AUTHOR_TOKEN', 'CANARY_SRE_TOKEN', 'CANARY_REVIEWER_TOKENS'];
  const missing = names.filter((name) => !env[name]);
  if (missing.length > 0) throw new UsageError(`Set ${missing.join(', ')}.`);
  const clock = clockFrom({});
  const as = (token = '') =>
    githubClient(env['GITHUB_API_URL'] ?? 'https://api.github.com', token.trim(), clock);
  const [author, sre, ...reviewers] = await Promise.all(
    [
      env['CANARY_AUTHOR_TOKEN'],
      env['CANARY_SRE_TOKEN'],
      ...(env['CANARY_REVIEWER_TOKENS'] ?? '').split(','),
    ].map(as),
  );
  if (!author || !sre) throw new UsageError(`Set ${names.join(', ')}.`);
  return { author, sre, reviewers };
}

function tellsOf(io: Io, where: string) {
  return (play: Play, played?: Played) => {
    if (!played) return;
    const ended = played.otherwise.length === 0 ? 'as expected' : played.otherwise.join('; ');
    io.err(`${where}: ${play.name}: ${ended}`);
  };
}
