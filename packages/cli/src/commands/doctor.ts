import { parseArgs } from 'node:util';
import { type Clock, clockFrom } from '@tenant-delivery/action-kit/clock';
import { ambientSights } from '@tenant-delivery/aws/doctor/ambient-sight';
import { githubReader } from '@tenant-delivery/github/repositories/github-reader';
import { githubClient } from '@tenant-delivery/github/session/github-client';
import { agreedEnvironment } from '@tenant-delivery/provisioning/doctor/agreed-environment';
import { type Examination, examine } from '@tenant-delivery/provisioning/doctor/examine';
import { exitCodeOf, renderJson, renderText } from '@tenant-delivery/provisioning/doctor/render';
import { thisRelease, thisTag } from '@tenant-delivery/release/this-release';
import type { Io } from '../io.ts';
import { contractsIn } from './contract-files.ts';
import { trustFrom } from './read-trust.ts';
import { explain, UsageError } from './usage-error.ts';

const USAGE = `Usage: tenant-delivery doctor FILE… [--environment NAME] [--profile NAME] [--publisher ARN…] [--trust FILE] [--json]

Looks at what each contract promises, in AWS and at GitHub, and changes nothing.
  --environment  that environment alone
  --profile      a profile of the aws command line; {tenant} and {environment} in it are replaced
  --publisher    who publishes contracts, to have the vault's policy compared with it
  --trust        a trust file in place of this release's
  --json         the report as JSON
GITHUB_TOKEN is asked for GitHub's side. Exit code: 0 all is ok, 1 something is wrong, 3 something could not be seen.`;

/** What somebody wants to know. */
interface Wish {
  readonly environment: string | undefined;
  readonly profile: string | undefined;
  readonly publishers: readonly string[];
  readonly trust: string | undefined;
  readonly json: boolean;
}

/** `doctor`: is everything there that the contracts promise, and what mends what is not. */
export async function doctor(args: readonly string[], io: Io): Promise<number> {
  return explain(args, io, USAGE, async () => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        environment: { type: 'string' },
        profile: { type: 'string' },
        publisher: { type: 'string', multiple: true },
        trust: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    if (positionals.length === 0) throw new UsageError('Name the contract files.');
    const { environment, profile, publisher: publishers = [], trust, json } = values;
    const found = await lookAt(positionals, { environment, profile, publishers, trust, json }, io);
    if (json) io.out(renderJson(found, Date.now()).trimEnd());
    else for (const line of renderText(found)) io.out(line);
    return exitCodeOf(found);
  });
}

async function lookAt(files: readonly string[], wish: Wish, io: Io): Promise<readonly Examination[]> {
  const contracts = await contractsIn(files, io);
  const clock = clockFrom(io.env);
  const { publishers } = wish;
  const trust = await trustFrom(wish.trust, io);
  const belief = { provider: thisRelease().repository, publishers, trust, at: clock.now() };
  const means = {
    newest: Promise.resolve(thisTag()),
    github: await githubIn(io, clock),
  };
  const sightOf = ambientSights(clock);
  const places = contracts.flatMap(({ file, contract }) => {
    const names = Object.keys(contract.environments).filter((name) => name === (wish.environment ?? name));
    if (names.length === 0) throw new UsageError(`${file} has no environment ${wish.environment}.`);
    return names.map((name) => agreedEnvironment(contract, name, belief));
  });
  return Promise.all(
    places.map((place) => {
      const { id: tenant, account } = place.contract;
      const { name, environment } = place;
      const profile = wish.profile?.replaceAll('{tenant}', tenant).replaceAll('{environment}', name);
      const where = { tenant, environment: name, account, region: environment.region };
      return examine(place, { ...means, sight: sightOf(where, profile) });
    }),
  );
}

async function githubIn({ env }: Io, clock: Clock) {
  const token = env['GITHUB_TOKEN'] || env['GH_TOKEN'];
  if (!token) return undefined;
  const client = githubClient(env['GITHUB_API_URL'] ?? 'https://api.github.com', token, clock);
  return githubReader(() => client);
}
