import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { leftOut as awsLeavesOut } from '@tenant-delivery/local-aws/left-out';
import { leftOut as githubLeavesOut } from '@tenant-delivery/local-github/left-out';
import { type LocalPlatform, startLocalPlatform } from '@tenant-delivery/local-platform';
import { buildIfStale } from '@tenant-delivery/release/stale';
import type { Io } from '../io.ts';
import { onStarterGone } from '../starter.ts';
import { explain, UsageError } from './usage-error.ts';

const USAGE = `Usage: tenant-delivery local up [--runtime NAME] [--scale N] [--directory DIR] [--port N] [--github-port N]
  --runtime NAME  what runs tasks: process (of this machine, which is the default), docker (containers of an engine),
                  simulated (nothing: every release turns healthy)
  --scale N       how many times as fast as real time (1)
  --directory DIR where local-aws keeps its state and finds it again (in memory)
  --port N        where local-aws listens (any free port)
  --github-port N where local-github listens (any free port)
It stays until it is interrupted, or until the process that started it has ended.`;

/** Starts both servers, says what they do not do, prints one JSON line, and stays until it is interrupted or what started it has ended. */
export async function local(args: readonly string[], io: Io): Promise<number> {
  return explain(args, io, USAGE, async () => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        runtime: { type: 'string', default: 'process' },
        scale: { type: 'string', default: '1' },
        directory: { type: 'string' },
        port: { type: 'string', default: '0' },
        'github-port': { type: 'string', default: '0' },
      },
    });
    if (positionals.length !== 1 || positionals[0] !== 'up')
      throw new UsageError('Say up: it is all that local does.');
    const { promise: ending, resolve: end } = Promise.withResolvers<void>();
    io.interrupted.addEventListener('abort', () => end());
    const forget = onStarterGone(end);
    try {
      await buildIfStale();
      const runtime = runtimeIn(values.runtime, ['process', 'docker', 'simulated']);
      const platform = await startLocalPlatform({
        runtime,
        scale: numberIn('--scale', values.scale, 1, 1000),
        port: numberIn('--port', values.port, 0, 65_535),
        githubPort: numberIn('--github-port', values['github-port'], 0, 65_535),
        ...(values.directory !== undefined && { directory: resolve(io.cwd, values.directory) }),
      });
      io.err('What these servers do not do:');
      for (const line of [...awsLeavesOut(runtime), ...githubLeavesOut()]) io.err(`  ${line}`);
      io.out(JSON.stringify(addressesOf(platform)));
      await ending;
      await platform.close();
      return 0;
    } finally {
      forget();
    }
  });
}

function addressesOf({ aws, github, tenants, runnerEnv }: LocalPlatform): Record<string, unknown> {
  const [first] = Object.values(tenants);
  return {
    aws: aws.url,
    github: github.apiUrl,
    registry: aws.registry,
    tenant: first?.contract.id,
    account: first?.contract.account,
    accessKeyId: first?.operator.accessKeyId,
    secretAccessKey: first?.operator.secretAccessKey,
    env: runnerEnv,
  };
}

type Runtime = 'process' | 'docker' | 'simulated';

export function runtimeIn<Name extends Runtime>(text: string, known: readonly Name[]): Name {
  const named = known.find((one) => one === text);
  if (named !== undefined) return named;
  throw new UsageError(`--runtime is ${JSON.stringify(text)}: give one of ${known.join(', ')}.`);
}

export function numberIn(name: string, text: string, from: number, to: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < from || value > to) {
    throw new UsageError(`${name} is ${JSON.stringify(text)}: give a whole number from ${from} to ${to}.`);
  }
  return value;
}
