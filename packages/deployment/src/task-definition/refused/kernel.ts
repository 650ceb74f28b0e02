import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { TaskDefinitionDocument } from '../../observed.ts';
import {
  networkOf,
  numberOf,
  objectIn,
  objectsIn,
  type Placed,
  placedContainers,
  repeatedIn,
  textOf,
  textsIn,
} from './reading.ts';

/** "KernelCapabilities" and "SystemControl", Amazon ECS API Reference. */
const CAPABILITIES: ReadonlySet<string> = new Set(
  [
    'ALL AUDIT_CONTROL AUDIT_WRITE BLOCK_SUSPEND CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER',
    'KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW SETFCAP',
    'SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO',
    'SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM',
  ].flatMap((line) => line.split(' ')),
);
const IPC_CONTROL = /^(kernel\.(msgmax|msgmnb|msgmni|sem|shm(all|max|mni|_rmid_forced))|fs\.mqueue\..+)$/;
const SECURITY_OPTION = /^(no-new-privileges(:true)?|(apparmor|label|credentialspec):.+)$/;

/** What containers ask of the kernel under them. */
export function kernelMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  return placedContainers(document).flatMap((placed) => [
    ...limitMistakes(placed),
    ...linuxMistakes(placed),
    ...controlMistakes(placed, document),
    ...optionMistakes(placed),
  ]);
}

function limitMistakes({ path: at, container }: Placed): readonly Mistake[] {
  const path = `${at}.ulimits`;
  const limits = objectsIn(container['ulimits']);
  const names = limits.flatMap(({ name }) => textOf(name) ?? []);
  return [
    ...repeatedIn(names).map((name) => ({ path: `${path}.${name}`, problem: 'is there twice' })),
    ...limits.flatMap(({ name, softLimit, hardLimit }) => {
      const [soft, hard] = [numberOf(softLimit) ?? 0, numberOf(hardLimit) ?? 0];
      const problem = `has the soft limit ${soft} above the hard limit ${hard}`;
      return hard >= 0 && soft > hard ? [{ path: `${path}.${textOf(name) ?? ''}`, problem }] : [];
    }),
  ];
}

function linuxMistakes({ path: at, container }: Placed): readonly Mistake[] {
  const linux = objectIn(container['linuxParameters']);
  if (!linux) return [];
  const path = `${at}.linuxParameters`;
  const { add, drop } = objectIn(linux['capabilities']) ?? {};
  const unknown = [...textsIn(add), ...textsIn(drop)].filter((one) => !CAPABILITIES.has(one));
  const bounds = [
    ['swappiness', 0, 100],
    ['maxSwap', 0, Number.POSITIVE_INFINITY],
    ['sharedMemorySize', 1, Number.POSITIVE_INFINITY],
  ] as const;
  return [
    ...unknown.map((one) => ({
      path: `${path}.capabilities`,
      problem: `has ${one}, which is no capability; they have no CAP_ before their name`,
    })),
    ...bounds.flatMap(([member, least, most]) => {
      const value = numberOf(linux[member]);
      const range = Number.isFinite(most) ? `${least} to ${most}` : `at least ${least}`;
      return value !== undefined && (value < least || value > most)
        ? [{ path: `${path}.${member}`, problem: `is ${value}; it must be ${range}` }]
        : [];
    }),
    ...(objectsIn(linux['tmpfs']).some(({ size }) => (numberOf(size) ?? 1) < 1)
      ? [{ path: `${path}.tmpfs`, problem: 'has a size below 1 MiB' }]
      : []),
  ];
}

function controlMistakes(
  { path: at, container }: Placed,
  document: TaskDefinitionDocument,
): readonly Mistake[] {
  const path = `${at}.systemControls`;
  return objectsIn(container['systemControls']).flatMap((control) => {
    const name = textOf(control['namespace']) ?? '';
    const [ipc, net] = [IPC_CONTROL.test(name), /^net\..+/.test(name)];
    if (!ipc && !net)
      return [{ path, problem: `has ${name || 'no namespace'}; only those of IPC and net. can be set` }];
    if (ipc && document['ipcMode'] === 'host')
      return [{ path, problem: `has ${name}, which is the host's with ipcMode host` }];
    return net && networkOf(document) === 'host'
      ? [{ path, problem: `has ${name}, which is the host's with networkMode host` }]
      : [];
  });
}

function optionMistakes({ path, container }: Placed): readonly Mistake[] {
  return [
    ...(textsIn(container['credentialSpecs']).length > 1
      ? [{ path: `${path}.credentialSpecs`, problem: 'are more than one; ECS takes one' }]
      : []),
    ...textsIn(container['credentialSpecs'])
      .filter((spec) => !/^credentialspec(domainless)?:./.test(spec))
      .map((spec) => ({
        path: `${path}.credentialSpecs`,
        problem: `has ${spec}; write credentialspec: or credentialspecdomainless: before the ARN`,
      })),
    ...textsIn(container['dockerSecurityOptions'])
      .filter((option) => !SECURITY_OPTION.test(option))
      .map((option) => ({
        path: `${path}.dockerSecurityOptions`,
        problem: `has ${option}, which is no option of Docker`,
      })),
  ];
}
