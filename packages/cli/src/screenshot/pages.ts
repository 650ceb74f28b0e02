// Plays seven runs and leaves a picture of each run's page in .pages/, as GitHub shows it on a laptop and on a telephone.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RunResult } from '@tenant-delivery/local-github';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { crashingRelease } from '../demo/crashing-release.ts';
import { firstDelivery } from '../demo/first-delivery.ts';
import { keyRotation } from '../demo/key-rotation.ts';
import { promotion } from '../demo/promotion.ts';
import { sreRollback } from '../demo/sre-rollback.ts';
import type { Stage } from '../demo/stage.ts';
import { vulnerableImage } from '../demo/vulnerable-image.ts';
import { screenshot } from './chromium.ts';
import { type Box, type Seen, summaryPage } from './page.ts';
import { play } from './play.ts';

const FOLDER = join(root, '.pages');
const WIDTHS = [1000, 400]; // pixels

const sources = Object.fromEntries(
  ['Dockerfile', 'server.js', 'VERSION'].map((file) => [
    file,
    readFileSync(join(root, 'templates/customer-repo', file), 'utf8'),
  ]),
);

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER);
await play(['prod', 'staging'], async (stage) => {
  const first = (await firstDelivery(stage)).result;
  const approval = first.jobs.findIndex(({ id }) => id.endsWith('/approve'));
  await picture('1-waits-for-approval', { ...first, jobs: first.jobs.slice(0, approval) });
  await picture('2-delivered', first);
  await picture('3-crash', await runOf(stage, crashingRelease));
  await picture('4-denied', await runOf(stage, (each) => vulnerableImage(each, sources)));
  await picture('5-rollback', await runOf(stage, sreRollback));
  await picture('6-promotion', await runOf(stage, promotion));
  await picture('7-rotation', await runOf(stage, keyRotation));
});
console.log(`The pictures are in ${FOLDER}`);

/** The last run of a scene. */
async function runOf(stage: Stage, scene: (stage: Stage) => Promise<unknown>): Promise<RunResult> {
  await scene(stage);
  const last = stage.runs.at(-1);
  if (last === undefined) throw new Error('the scene has played no run');
  return last.result;
}

async function picture(name: string, { jobs }: RunResult): Promise<void> {
  const boxes: Box[] = jobs
    .filter(({ summary }) => summary !== '')
    .map((job) => ({ title: `${job.name} summary`, markdown: job.summary }));
  writeFileSync(join(FOLDER, `${name}.md`), boxes.map(({ markdown }) => markdown).join('\n'));
  const failed = jobs.find(({ conclusion }) => conclusion === 'failure');
  for (const width of WIDTHS) {
    const page = join(FOLDER, `${name}-${width}.html`);
    writeFileSync(page, await summaryPage(boxes, width));
    const seen = screenshot(pathToFileURL(page).href, width, join(FOLDER, `${name}-${width}.png`));
    console.log(sayPage(name, width, seen, failed && `${failed.name} summary`));
  }
}

function sayPage(name: string, width: number, { height, boxes, offScreen }: Seen, failed?: string): string {
  const reason = boxes.find(({ title }) => title === failed);
  return [
    `${name} at ${width} pixels: ${height} high`,
    ...(reason ? [`what failed begins at ${reason.top}`] : []),
    ...offScreen.map((heads) => `a table reaches beyond the page (${heads})`),
  ].join('; ');
}
