import { execFileSync } from 'node:child_process';
import type { Seen } from './page.ts';

const CHROMIUM = process.env['CHROMIUM'] ?? 'chromium';

/** Takes a picture of a whole page at a width in pixels, and answers what is on it. Needs Debian's package chromium. */
export function screenshot(url: string, width: number, file: string): Seen {
  const dom = run(url, width, 800, '--dump-dom').toString();
  const said = /<html[^>]* data-seen="([^"]+)"/.exec(dom)?.[1];
  if (said === undefined) throw new Error(`Chromium has not drawn ${url} to its end`);
  const seen = JSON.parse(decodeURIComponent(said)) as Seen; // our own page wrote it
  run(url, width, seen.height, `--screenshot=${file}`);
  return seen;
}

/** Makes a picture small enough to be kept in the repository. Needs Debian's package pngquant. */
export function shrink(file: string): void {
  execFileSync('pngquant', ['--force', '--speed', '1', '--output', file, '48', file]);
}

function run(url: string, width: number, height: number, ...more: readonly string[]): Buffer {
  return execFileSync(
    CHROMIUM,
    [
      '--headless',
      '--disable-gpu',
      '--hide-scrollbars',
      '--allow-file-access-from-files',
      '--virtual-time-budget=10000',
      `--window-size=${width},${height}`,
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), // Chromium refuses its sandbox to root
      ...more,
      url,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 64 * 1024 * 1024 },
  );
}
