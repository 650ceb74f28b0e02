import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { RunRefused, runWorkflow } from '@tenant-delivery/local-github';
import { commitFiles } from '@tenant-delivery/local-github/git/write';
import { startLocalPlatform } from '@tenant-delivery/local-platform';
import { buildIfStale } from '@tenant-delivery/release/stale';
import type { Io } from '../io.ts';
import { showRun } from '../terminal/show-run.ts';
import { terminalOf } from '../terminal/terminal.ts';
import { numberIn } from './local.ts';
import { explain, UsageError } from './usage-error.ts';

const USAGE = `Usage: tenant-delivery run-workflow FILE [options]
  FILE                  a workflow of the repository, such as .github/workflows/deliver.yml
  --folder DIR          the work tree to run it in (the folder you are in); it plays the part of --repository
  --repository NAME     acme/orders
  --event NAME          push, workflow_dispatch or pull_request (push)
  --input NAME=VALUE    of workflow_dispatch; may be repeated
  --actor LOGIN         dev-ana
  --approve-as LOGIN    decides every review of the run; without it the run waits for the API
  --scale N             how many times as fast as real time (30)`;

/** Runs one workflow file as GitHub would, against servers of its own. Exit 0 only for a run that succeeded. */
export async function runWorkflowCommand(args: readonly string[], io: Io): Promise<number> {
  return explain(args, io, USAGE, async () => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        folder: { type: 'string', default: '.' },
        repository: { type: 'string', default: 'acme/orders' },
        event: { type: 'string', default: 'push' },
        input: { type: 'string', multiple: true, default: [] },
        actor: { type: 'string', default: 'dev-ana' },
        'approve-as': { type: 'string' },
        scale: { type: 'string', default: '30' },
      },
    });
    const [workflow, ...more] = positionals;
    if (workflow === undefined || more.length > 0) throw new UsageError('Name one workflow file.');
    const folder = resolve(io.cwd, values.folder);
    if (!existsSync(join(folder, workflow)))
      throw new UsageError(`${values.folder === '.' ? 'This folder' : values.folder} has no ${workflow}.`);
    const scale = numberIn('--scale', values.scale, 1, 1000);
    const inputs = Object.fromEntries(values.input.map(pair));
    await buildIfStale();
    const platform = await startLocalPlatform({ scale });
    try {
      const repository = platform.github.world.repositories.get(values.repository.toLowerCase());
      if (!repository) {
        const known = [...platform.github.world.repositories.values()].map(({ fullName }) => fullName);
        throw new UsageError(`There is no repository ${values.repository}; there are ${known.join(', ')}.`);
      }
      const author = { name: values.actor, email: `${values.actor}@users.noreply.github.com` };
      await commitFiles(repository.path, {
        branch: 'main',
        folder,
        message: 'As it is in the work tree',
        author,
      });
      const result = await runWorkflow({
        github: platform.github,
        repository: repository.fullName,
        workflow,
        ref: 'refs/heads/main',
        event: values.event,
        ...(values.input.length > 0 && { inputs }),
        actor: values.actor,
        ...(values['approve-as'] !== undefined && { approveAs: values['approve-as'] }),
        env: platform.runnerEnv,
        signal: io.interrupted,
        onEvent: showRun(terminalOf(io)),
      });
      return result.conclusion === 'success' ? 0 : 1;
    } catch (thrown) {
      if (!(thrown instanceof RunRefused)) throw thrown;
      io.err(thrown.message);
      return 1;
    } finally {
      await platform.close();
    }
  });
}

function pair(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--input is ${JSON.stringify(text)}: give NAME=VALUE.`);
  return [text.slice(0, at), text.slice(at + 1)];
}
