import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A folder for PATH with an npm for jobs that install the same packages one after the other, each in a checkout of its own:
 * `npm ci` of the same packages by the same words installs them once. Later jobs get hard links to those files.
 */
export function npmOnce(folder: string): string {
  const [programs, kept] = [join(folder, 'npm'), join(folder, 'installed')];
  for (const path of [programs, kept]) mkdirSync(path, { recursive: true });
  const npm = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
  const program = join(programs, 'npm');
  writeFileSync(
    program,
    `#!/bin/sh
[ "$1" = ci ] || exec "${npm}" "$@"
key=$({ echo "$@"; grep '"integrity"' package-lock.json; } | sha256sum | cut -d ' ' -f 1)
[ ! -d "${kept}/$key" ] || exec cp --archive --link "${kept}/$key/." .
"${npm}" "$@" || exit
mine=$(mktemp -d -p "${folder}")
find . -name node_modules -type d -prune -exec cp --archive --link --parents {} "$mine" ';'
mv --no-target-directory "$mine" "${kept}/$key" || true # two jobs may have installed it at once
`,
  );
  chmodSync(program, 0o755);
  return programs;
}
