import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { TaskDefinitionDocument } from '../../observed.ts';
import { objectIn, objectsIn, type Placed, placedContainers, textOf, textsIn } from './reading.ts';

/** "Tmpfs", Amazon ECS API Reference. */
const TMPFS_OPTIONS: ReadonlySet<string> = new Set(
  [
    'defaults ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand atime noatime',
    'diratime nodiratime bind rbind unbindable runbindable private rprivate shared rshared slave rslave',
    'relatime norelatime strictatime nostrictatime mode uid gid nr_inodes nr_blocks mpol',
  ].flatMap((line) => line.split(' ')),
);

/** What containers mount in memory, and what they reserve of an instance. */
export function deviceMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  return placedContainers(document).flatMap((placed) => [
    ...mountMistakes(placed),
    ...requirementMistakes(placed),
  ]);
}

function mountMistakes({ path, container }: Placed): readonly Mistake[] {
  const mounts = objectsIn(objectIn(container['linuxParameters'])?.['tmpfs']);
  return mounts
    .flatMap(({ mountOptions }) => textsIn(mountOptions))
    .filter((option) => !TMPFS_OPTIONS.has(option.split('=')[0] ?? ''))
    .map((option) => ({
      path: `${path}.linuxParameters.tmpfs`,
      problem: `has the mount option ${option}, which tmpfs does not know`,
    }));
}

function requirementMistakes({ path: at, container }: Placed): readonly Mistake[] {
  const path = `${at}.resourceRequirements`;
  const wanted = objectsIn(container['resourceRequirements']);
  return [
    ...(wanted.length > 1 ? [{ path, problem: 'are more than one; ask for all GPUs in one' }] : []),
    ...wanted.flatMap(({ type, value }) => {
      if (type !== 'GPU')
        return [{ path, problem: `has ${textOf(type) ?? 'no type'}; ECS reserves GPUs alone` }];
      const count = textOf(value) ?? '';
      return /^[1-9]\d*$/.test(count)
        ? []
        : [{ path, problem: `has ${count || 'no'} GPUs; write 1 or more` }];
    }),
  ];
}
