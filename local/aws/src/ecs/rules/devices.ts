import { containersOf, definitionRules, repeated } from './definition.ts';
import { container, containerOnEc2 } from './examples.ts';

const TMPFS_OPTIONS: ReadonlySet<string> = new Set(
  `defaults ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand atime noatime diratime
   nodiratime bind rbind unbindable runbindable private rprivate shared rshared slave rslave relatime norelatime
   strictatime nostrictatime mode uid gid nr_inodes nr_blocks mpol`.split(/\s+/),
);

/** What a container mounts in memory, and what it reserves of its instance. */
export const deviceRules = [
  ...definitionRules('Tmpfs - Amazon Elastic Container Service API Reference', [
    {
      says: 'A tmpfs is mounted with options that the page lists.',
      *mistakes(input) {
        for (const { linuxParameters } of containersOf(input))
          for (const option of (linuxParameters?.tmpfs ?? []).flatMap(
            ({ mountOptions = [] }) => mountOptions,
          ))
            if (!TMPFS_OPTIONS.has(option.split('=')[0] ?? '')) yield `Invalid tmpfs mount option: ${option}`;
      },
      shownBy: [
        container({
          linuxParameters: { tmpfs: [{ containerPath: '/run', size: 1, mountOptions: ['fast'] }] },
        }),
      ],
    },
  ]),
  ...definitionRules('ResourceRequirement - Amazon Elastic Container Service API Reference', [
    {
      says: 'A container reserves GPUs, one or more of them, in one requirement; inference accelerators are no more.',
      *mistakes(input) {
        for (const { name, resourceRequirements = [] } of containersOf(input)) {
          for (const { type, value = '' } of resourceRequirements) {
            if (type !== 'GPU') yield `Unsupported resource requirement type: ${type}`;
            else if (!/^[1-9]\d*$/.test(value))
              yield `Invalid GPU resource requirement '${value}' for container '${name}'.`;
          }
          if (repeated(resourceRequirements.map(({ type }) => type)).length > 0)
            yield `Duplicate resource requirement for container '${name}'.`;
        }
      },
      shownBy: [
        containerOnEc2({ resourceRequirements: [{ type: 'GPU', value: '0' }] }),
        containerOnEc2({ resourceRequirements: [{ type: 'GPU', value: 'one' }] }),
        containerOnEc2({ resourceRequirements: [{ type: 'InferenceAccelerator', value: 'device' }] }),
        containerOnEc2({
          resourceRequirements: [
            { type: 'GPU', value: '1' },
            { type: 'GPU', value: '1' },
          ],
        }),
      ],
    },
  ]),
];
