import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Programs that a script may really run here: they only look at text. */
const REAL = [
  ...['bash', 'sh', 'env', 'cat', 'cut', 'tr', 'sed', 'grep', 'awk', 'head', 'tail', 'sort', 'uniq', 'wc'],
  ...['seq', 'basename', 'dirname', 'printenv', 'tee', 'mkdir', 'touch', 'ls', 'xargs', 'jq', 'rev', 'find'],
];
const NOTES = `{ printf '%s\\x1f%s' "\${0##*/}" "$PWD"; for each in "$@"; do printf '\\x1f%s' "$each"; done; printf '\\x1e'; } >> "$PLAYED"`;

/** What each stand-in says. `docker build --build-arg NAME` takes the variable of that name, so it is written out. */
const SAYS: Readonly<Record<string, string>> = {
  docker: `
if [ "$1" = compose ] && [ -n "$COMPOSED" ]; then shift; exec bash "$COMPOSED" "$@"; fi
given=()
for each in "$@"; do
  if [ "$last" = --build-arg ] && [[ "$each" != *=* ]] && [ -n "\${!each+set}" ]; then each="$each=\${!each}"; fi
  if [ "$last" = --secret ] && [[ "$each" == *,env=* ]]; then name="\${each##*,env=}"; each="\${each%,env=*},env=\${!name}"; fi
  given+=("$each"); last="$each"
done
set -- "\${given[@]}"
${NOTES}
if [ "$1" = buildx ] || [ "$1" = image ]; then shift; fi
if [ "$1" = build ]; then
  shift; contexts=0
  while [ $# -gt 0 ]; do
    case "$1" in
      --*=*|--no-cache|--pull|--push|--load|--rm|--quiet|-q) ;;
      -?*) shift ;;
      *) contexts=$((contexts + 1)) ;;
    esac
    shift
  done
  [ $contexts = 1 ] || exit 1
fi
case "$1" in inspect|images) echo repository@sha256:0123 ;; esac`,
  'docker-compose': 'exec docker compose "$@"',
  aws: `${NOTES}
case "$*" in *get-caller-identity*) echo 111122223333 ;; *describe-*) echo '{"taskDefinition":{}}' ;; *) echo said ;; esac`,
  git: `echo "git-$*" | tr -c 'a-z0-9\\n-' -`,
  answer: 'exit "${!1:-0}"',
  date: 'echo 20260102',
  sleep: ':',
};

/** A folder with `docker`, `aws` and what else scripts call, which write down how they were called. */
export function programsIn(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(SAYS)) {
    writeFileSync(join(bin, name), `#!/bin/bash\n${script.trim()}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  for (const name of REAL) {
    const at = ['/usr/bin', '/bin'].map((each) => join(each, name)).find((each) => existsSync(each));
    if (at) symlinkSync(at, join(bin, name));
  }
  // What is not there does nothing, and does it well.
  writeFileSync(join(folder, 'start.sh'), 'command_not_found_handle() { return 0; }\n');
  return bin;
}
