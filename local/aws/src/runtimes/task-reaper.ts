import { outliving } from './outliving.ts';

/** Kills the process groups that are left when its input ends. */
const SCRIPT = `
groups=' '
while read -r sign group; do
  case $groups in *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;; esac
  case $sign in +) groups="$groups$group " ;; esac
done
for group in $groups; do kill -s KILL -- "-$group"; done
`;

const reaper = outliving({ file: '/bin/sh', args: ['-c', SCRIPT], env: process.env });

/** No process of this group outlives this process, once the reaper knows it. `ended` says that the group has ended. */
export function endWithUs(group: number): { readonly known: Promise<void>; ended(): void } {
  const word = String(group);
  return { known: reaper.add(word), ended: () => reaper.remove(word) };
}
