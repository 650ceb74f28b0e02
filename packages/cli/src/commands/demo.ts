import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { renderReport } from '@tenant-delivery/evidence/render-report';
import { verifyEvidence } from '@tenant-delivery/evidence/verify';
import { startLocalPlatform } from '@tenant-delivery/local-platform';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { buildIfStale } from '@tenant-delivery/release/stale';
import { botRefused } from '../demo/bot-refused.ts';
import { claimsOn } from '../demo/claims.ts';
import { crashingRelease } from '../demo/crashing-release.ts';
import { decoyRefused } from '../demo/decoy-refused.ts';
import { excessivePullRequest } from '../demo/excessive-pull-request.ts';
import { firstDelivery } from '../demo/first-delivery.ts';
import { foreignEnvironment } from '../demo/foreign-environment.ts';
import { keyRotation } from '../demo/key-rotation.ts';
import { leave } from '../demo/leave.ts';
import { promotion } from '../demo/promotion.ts';
import { quickPushes } from '../demo/quick-pushes.ts';
import { sameCommit } from '../demo/same-commit.ts';
import { sreRollback } from '../demo/sre-rollback.ts';
import { type Stage, stageOn } from '../demo/stage.ts';
import { umbrella } from '../demo/umbrella.ts';
import { vulnerableImage } from '../demo/vulnerable-image.ts';
import type { Io } from '../io.ts';
import { terminalOf } from '../terminal/terminal.ts';
import { runtimeIn } from './local.ts';
import { explain } from './usage-error.ts';

const SCALE = 30; // times as fast as real time: health checks take seconds

const USAGE = `Usage: tenant-delivery demo [--all] [--runtime NAME]
  --all           also: the same commit again, a crash, a vulnerable package, strangers, a decoy, a bot, a pull request, a rollback, quick pushes, a promotion, a rotation of a key, a new tenant
  --runtime NAME  what runs tasks: process (of this machine, which is the default), or docker (containers of an engine)`;

/** Delivers a customer's repository on this machine. Exit 0 only if every printed claim held. */
export async function demo(args: readonly string[], io: Io): Promise<number> {
  return explain(args, io, USAGE, async () => {
    const { values } = parseArgs({
      args: [...args],
      options: { all: { type: 'boolean', default: false }, runtime: { type: 'string', default: 'process' } },
    });
    return play(values.all, runtimeIn(values.runtime, ['process', 'docker']), io);
  });
}

async function play(all: boolean, runtime: keyof typeof RUNTIMES, io: Io): Promise<number> {
  const terminal = terminalOf(io);
  const claims = claimsOn(terminal);
  const started = performance.now();
  terminal.line(await buildIfStale());
  const environments = all ? ['prod', 'staging'] : ['prod'];
  const platform = await startLocalPlatform({ scale: SCALE, environments, runtime });
  try {
    terminal.line(`local-aws at ${platform.aws.url}, local-github at ${platform.github.url}`);
    terminal.line(
      `their clock runs ${SCALE} times as fast as real time; the seconds below are by that clock`,
    );
    terminal.line();
    const stage = stageOn(platform, terminal, claims, io.interrupted);
    const first = await firstDelivery(stage);
    if (first.change) terminal.line(await madeWith(stage, first.change, runtime));
    const evidence = first.change ? await stage.evidence(first.change) : '';
    const report = verifyEvidence(evidence, platform.released);
    claims.claim('its evidence verifies offline, with public keys alone', report.holds, () =>
      renderReport(report),
    );
    const left = { evidence, trust: platform.released, runs: stage.runs };
    leave(join(root, '.demo'), left);
    terminal.line('  left in .demo/: summaries/, evidence.intoto.jsonl, trust.json, logs/');
    terminal.line(
      '  verify it yourself: npx tenant-delivery verify-evidence .demo/evidence.intoto.jsonl --trust .demo/trust.json',
    );
    terminal.line();
    if (all) {
      await playScenes(stage, first.took);
      await umbrella(stage, io.interrupted);
      terminal.line();
      leave(join(root, '.demo'), left);
      terminal.line(`The summaries of all ${stage.runs.length} runs are in .demo/summaries/.`);
    }
  } finally {
    await platform.close();
  }
  const took = ((performance.now() - started) / 1000).toFixed(1);
  const broken = claims.broken();
  terminal.line(
    broken === 0
      ? `All ${claims.made()} claims held, in ${took} s.`
      : `${broken} of ${claims.made()} claims did not hold.`,
  );
  return broken === 0 ? 0 : 1;
}

/** Every scene after the first delivery, which took `firstTook` milliseconds. */
async function playScenes(stage: Stage, firstTook: number): Promise<void> {
  const template = (file: string) => readFileSync(join(root, 'templates/customer-repo', file), 'utf8');
  const sources = {
    Dockerfile: template('Dockerfile'),
    'server.js': template('server.js'),
    VERSION: template('VERSION'),
  };
  const scenes = [
    () => sameCommit(stage, firstTook),
    () => crashingRelease(stage),
    () => vulnerableImage(stage, sources),
    () => foreignEnvironment(stage, template('.github/workflows/deliver.yml')),
    () => decoyRefused(stage, template('.github/workflows/deliver.yml')),
    () => botRefused(stage),
    () => excessivePullRequest(stage, template('.delivery/service.yaml')),
    () => sreRollback(stage),
    () => quickPushes(stage),
    () => promotion(stage),
    () => keyRotation(stage),
  ];
  for (const scene of scenes) {
    await scene();
    stage.terminal.line();
  }
}

const BUILDERS: Readonly<Record<string, string>> = {
  own: 'our own builder, which needs no container engine',
  buildx: 'Docker buildx',
};

const RUNTIMES = {
  process: 'tasks run as processes of this machine with its Node, not in containers',
  docker: 'tasks run in containers of the engine here, at their own addresses',
} as const;

/** Which builder and runtime were really used: one by the signed image record, the other by the platform. */
async function madeWith(stage: Stage, change: string, runtime: keyof typeof RUNTIMES): Promise<string> {
  const { builder } = await stage.document(change, 'image-record');
  const name = BUILDERS[String(builder)] ?? String(builder);
  return `  built by ${name}; ${RUNTIMES[runtime]}`;
}
