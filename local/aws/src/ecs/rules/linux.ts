import { containersOf, definitionRules, EC2, networkModeOf, repeated } from './definition.ts';
import { container, containerOnEc2 } from './examples.ts';

const CAPABILITIES: ReadonlySet<string> = new Set(
  `ALL AUDIT_CONTROL AUDIT_WRITE BLOCK_SUSPEND CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL
   LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW SETFCAP SETGID
   SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME
   SYS_TTY_CONFIG SYSLOG WAKE_ALARM`.split(/\s+/),
);

const OF_IPC = /^(kernel\.(msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)|fs\.mqueue\..+)$/;

/** What a container asks of its kernel. */
export const linuxRules = [
  ...definitionRules(EC2, [
    {
      says: 'The soft limit of a ulimit is at most the hard one, and each is there once.',
      *mistakes(input) {
        for (const { ulimits = [] } of containersOf(input)) {
          for (const { name, softLimit = 0, hardLimit = 0 } of ulimits)
            if (hardLimit >= 0 && softLimit > hardLimit)
              yield `Soft limit exceeds hard limit for ulimit ${name}`;
          for (const name of repeated(ulimits.map((ulimit) => ulimit.name))) yield `Duplicate ulimit ${name}`;
        }
      },
      shownBy: [
        container({ ulimits: [{ name: 'nofile', softLimit: 2_000, hardLimit: 1_000 }] }),
        container({
          ulimits: [
            { name: 'nofile', softLimit: 1, hardLimit: 1 },
            { name: 'nofile', softLimit: 2, hardLimit: 2 },
          ],
        }),
      ],
    },
    {
      says: 'A capability is one that Docker knows.',
      *mistakes(input) {
        for (const { linuxParameters } of containersOf(input)) {
          const { add = [], drop = [] } = linuxParameters?.capabilities ?? {};
          for (const capability of [...add, ...drop])
            if (!CAPABILITIES.has(capability)) yield `Invalid linux capability: ${capability}`;
        }
      },
      shownBy: [container({ linuxParameters: { capabilities: { drop: ['CAP_NET_ADMIN'] } } })],
    },
    {
      says: 'Swappiness is between 0 and 100; sizes of swap, shared memory and tmpfs are not negative.',
      *mistakes(input) {
        for (const { name, linuxParameters } of containersOf(input)) {
          const { swappiness = 0, maxSwap = 0, sharedMemorySize = 1, tmpfs = [] } = linuxParameters ?? {};
          if (swappiness < 0 || swappiness > 100)
            yield `Invalid 'swappiness' setting for container '${name}'.`;
          if (maxSwap < 0) yield `Invalid 'maxSwap' setting for container '${name}'.`;
          if (sharedMemorySize < 1) yield `Invalid 'sharedMemorySize' setting for container '${name}'.`;
          if (tmpfs.some(({ size = 1 }) => size < 1))
            yield `Invalid 'tmpfs' setting for container '${name}'.`;
        }
      },
      shownBy: [
        containerOnEc2({ linuxParameters: { swappiness: 101 } }),
        containerOnEc2({ linuxParameters: { maxSwap: -1 } }),
        containerOnEc2({ linuxParameters: { sharedMemorySize: 0 } }),
        containerOnEc2({ linuxParameters: { tmpfs: [{ containerPath: '/run', size: 0 }] } }),
      ],
    },
  ]),
  ...definitionRules('SystemControl - Amazon Elastic Container Service API Reference', [
    {
      says: 'A system control is of IPC or of the network, and its namespace is the own of the container.',
      *mistakes(input) {
        for (const { systemControls = [] } of containersOf(input))
          for (const { namespace = '' } of systemControls) {
            if (!OF_IPC.test(namespace) && !/^net\..+/.test(namespace))
              yield `Invalid systemControls namespace: ${namespace}`;
            if (OF_IPC.test(namespace) && input.ipcMode === 'host')
              yield `The system control ${namespace} is not supported when ipcMode=host.`;
            if (namespace.startsWith('net.') && networkModeOf(input) === 'host')
              yield `The system control ${namespace} is not supported when networkMode=host.`;
          }
      },
      shownBy: [
        container({ systemControls: [{ namespace: 'vm.max_map_count', value: '262144' }] }),
        { ...containerOnEc2({ systemControls: [{ namespace: 'kernel.sem', value: '1' }] }), ipcMode: 'host' },
        {
          ...containerOnEc2({ systemControls: [{ namespace: 'net.core.somaxconn', value: '1' }] }),
          networkMode: 'host',
        },
      ],
    },
  ]),
  ...definitionRules('ContainerDefinition - Amazon Elastic Container Service API Reference', [
    {
      says: 'A container has one credential spec at most, in a form of the page, and security options that Docker knows.',
      *mistakes(input) {
        for (const { name, credentialSpecs = [], dockerSecurityOptions = [] } of containersOf(input)) {
          for (const spec of credentialSpecs)
            if (!/^credentialspec(domainless)?:./.test(spec)) yield `Invalid credential spec: ${spec}`;
          if (credentialSpecs.length > 1) yield `Container '${name}' can have at most 1 credential spec.`;
          for (const option of dockerSecurityOptions)
            if (!/^(no-new-privileges(:true)?|apparmor:.+|label:.+|credentialspec:.+)$/.test(option))
              yield `Invalid dockerSecurityOptions: ${option}`;
        }
      },
      shownBy: [
        containerOnEc2({ credentialSpecs: ['credentialspec:a', 'credentialspec:b'] }),
        containerOnEc2({ credentialSpecs: ['arn:aws:s3:::domain/spec.json'] }),
        containerOnEc2({ dockerSecurityOptions: ['privileged'] }),
      ],
    },
  ]),
];
