// Makes docs/crash.png: plays a delivery and then a release that crashes, and takes a picture of what its page would show.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { crashingRelease } from '../demo/crashing-release.ts';
import { firstDelivery } from '../demo/first-delivery.ts';
import { screenshot, shrink } from './chromium.ts';
import { summaryPage } from './page.ts';
import { play } from './play.ts';

const WIDTH = 1000; // pixels

await play(['prod'], async (stage) => {
  await firstDelivery(stage);
  const { result } = await crashingRelease(stage);
  const job = result.jobs.find(({ conclusion }) => conclusion === 'failure');
  if (job === undefined) throw new Error('no job of the crash has failed');
  const [deployment = ''] = job.summary.split(/\n(?=### )/); // the summary of the step that deploys; the record follows it
  const folder = mkdtempSync(join(tmpdir(), 'td-screenshot-'));
  const page = join(folder, 'summary.html');
  const picture = join(root, 'docs/crash.png');
  writeFileSync(page, await summaryPage([{ title: `${job.name} summary`, markdown: deployment }], WIDTH));
  screenshot(pathToFileURL(page).href, WIDTH, picture);
  shrink(picture);
  rmSync(folder, { recursive: true });
});
console.log('docs/crash.png is new');
