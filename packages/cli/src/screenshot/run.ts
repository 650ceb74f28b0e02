// Makes docs/crash.png: plays a delivery and then a release that crashes, and takes a picture of what its page would show.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startLocalPlatform } from '@tenant-delivery/local-platform';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { buildIfStale } from '@tenant-delivery/release/stale';
import { claimsOn } from '../demo/claims.ts';
import { crashingRelease } from '../demo/crashing-release.ts';
import { firstDelivery } from '../demo/first-delivery.ts';
import { stageOn } from '../demo/stage.ts';
import { terminalOf } from '../terminal/terminal.ts';
import { screenshot } from './chromium.ts';
import { summaryPage } from './page.ts';

const SCALE = 30; // times as fast as real time, as in the demo
const WIDTH = 1000; // pixels

const { signal: interrupted } = new AbortController();
const terminal = terminalOf({
  cwd: root,
  env: process.env,
  out: (line) => console.log(line),
  err: (line) => console.error(line),
  interrupted,
});
const claims = claimsOn(terminal);
terminal.line(await buildIfStale());
const platform = await startLocalPlatform({ scale: SCALE, environments: ['prod'] });
const folder = mkdtempSync(join(tmpdir(), 'td-screenshot-'));
try {
  const stage = stageOn(platform, terminal, claims);
  await firstDelivery(stage);
  const { result } = await crashingRelease(stage);
  const job = result.jobs.find(({ conclusion }) => conclusion === 'failure');
  if (job === undefined || claims.broken() > 0) throw new Error('the release did not crash as it should');
  const [deployment = ''] = job.summary.split(/\n(?=### )/); // the summary of the step that deploys; the record follows it
  const page = join(folder, 'summary.html');
  writeFileSync(page, await summaryPage(`${job.name} summary`, deployment));
  screenshot(pathToFileURL(page).href, WIDTH, join(root, 'docs/crash.png'));
  terminal.line('docs/crash.png is new');
} finally {
  rmSync(folder, { recursive: true, force: true });
  await platform.close();
}
