import { execFileSync } from 'node:child_process';

const CHROMIUM = process.env['CHROMIUM'] ?? 'chromium';

/** Takes a picture of a whole page, at a width in pixels. Needs Debian's packages chromium and pngquant. */
export function screenshot(url: string, width: number, file: string): void {
  const page = run(url, width, 800, '--dump-dom').toString();
  const height = /<html[^>]* data-height="(\d+)"/.exec(page)?.[1];
  if (height === undefined) throw new Error(`Chromium has not drawn ${url} to its end`);
  run(url, width, Number(height), `--screenshot=${file}`);
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
