import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HERE, type stageHere } from '@tenant-delivery/canary/here';
import type { Report } from '@tenant-delivery/canary/report';
import { run } from '@tenant-delivery/cli/run';

/** `tenant-delivery canary` as a provider types it, on the servers of a stage in place of AWS and GitHub. */
export async function canaryCommand(
  { platform }: Awaited<ReturnType<typeof stageHere>>,
  more: readonly string[],
): Promise<{ readonly code: number; readonly report: Report; readonly told: readonly string[] }> {
  const { aws, github, tenants } = platform;
  const { contract, operator } = tenants[HERE.tenant] ?? {};
  const tokenOf = (login: string) => github.world.users.get(login)?.token;
  const cwd = mkdtempSync(join(tmpdir(), 'td-canary-'));
  mkdirSync(join(cwd, 'tenants'));
  writeFileSync(join(cwd, `tenants/${HERE.tenant}.yaml`), JSON.stringify(contract)); // JSON is YAML
  const said: string[] = [];
  const told: string[] = [];
  const env = {
    PATH: process.env['PATH'],
    GITHUB_API_URL: github.apiUrl,
    AWS_ENDPOINT_URL: aws.url,
    AWS_ACCESS_KEY_ID: operator?.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operator?.secretAccessKey,
    LOCAL_CLOCK: '30',
    CANARY_AUTHOR_TOKEN: tokenOf('dev-ana'),
    CANARY_SRE_TOKEN: tokenOf('sre-kim'),
    CANARY_REVIEWER_TOKENS: `${tokenOf('lead-ben')},${tokenOf('sre-lou')}`,
  };
  const io = {
    cwd,
    env,
    out: (line: string) => void said.push(line),
    err: (line: string) => void told.push(line),
    interrupted: new AbortController().signal,
  };
  const { tenant, environment, service, deniedBase, credential = '', grant } = HERE;
  const where = ['--tenant', tenant, '--environment', environment, '--service', service];
  const what = [
    '--denied-base',
    deniedBase,
    '--credential',
    credential,
    '--requester',
    grant?.requester ?? '',
  ];
  try {
    const code = await run(['canary', ...where, ...what, '--yes', tenant, '--json', ...more], io);
    if (said.length === 0) throw new Error(`The command printed no report: ${told.join('\n')}`);
    return { code, report: JSON.parse(said.join('\n')), told };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
