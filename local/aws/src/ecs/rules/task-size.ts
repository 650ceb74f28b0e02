import { type Definition, definitionRules, FARGATE, isWindows, needsFargate } from './definition.ts';
import { container, onEc2, onFargate } from './examples.ts';

const GB = 1_024; // MiB

/** Memory in MiB that Fargate offers beside CPU units: from, to, in steps of; or these and no others. */
const OFFERED: ReadonlyMap<number, { from: number; to: number; step: number } | readonly number[]> = new Map([
  [256, [512, GB, 2 * GB]],
  [512, { from: GB, to: 4 * GB, step: GB }],
  [1_024, { from: 2 * GB, to: 8 * GB, step: GB }],
  [2_048, { from: 4 * GB, to: 16 * GB, step: GB }],
  [4_096, { from: 8 * GB, to: 30 * GB, step: GB }],
  [8_192, { from: 16 * GB, to: 60 * GB, step: 4 * GB }],
  [16_384, { from: 32 * GB, to: 120 * GB, step: 8 * GB }],
  [32_768, [60 * GB, 120 * GB, 244 * GB]],
]);

const ON_WINDOWS: readonly number[] = [1_024, 2_048, 4_096];

/** CPU units of `1024`, `1 vCPU` or `.25 vcpu`. */
export function cpuUnits(text: string): number | undefined {
  return amount(text, /^(\d+|\d*\.\d+) *vcpu$/i);
}

/** MiB of `2048`, `2 GB` or `0.5GB`. */
export function mebibytes(text: string): number | undefined {
  return amount(text, /^(\d+|\d*\.\d+) *gb$/i);
}

function amount(text: string, large: RegExp): number | undefined {
  const trimmed = text.trim();
  const given = large.exec(trimmed)?.[1];
  const units = given === undefined ? trimmed : String(Number(given) * 1_024);
  return /^\d+$/.test(units) && Number(units) > 0 ? Number(units) : undefined;
}

/** Whether Fargate offers this memory beside this CPU. */
export function isOffered(cpu: number, memory: number, of: Pick<Definition, 'runtimePlatform'>): boolean {
  const offered = OFFERED.get(cpu);
  if (offered === undefined || (isWindows(of) && !ON_WINDOWS.includes(cpu))) return false;
  if ('step' in offered)
    return memory >= offered.from && memory <= offered.to && (memory - offered.from) % offered.step === 0;
  return offered.includes(memory);
}

export const taskSizeRules = [
  ...definitionRules('Troubleshoot Amazon ECS task definition invalid CPU or memory errors', [
    {
      says: 'The CPU of a task is CPU units or vCPUs, its memory MiB or GB.',
      *mistakes({ cpu, memory }) {
        if (cpu !== undefined && cpuUnits(cpu) === undefined) yield "Invalid 'cpu' setting for task.";
        if (memory !== undefined && mebibytes(memory) === undefined)
          yield "Invalid 'memory' setting for task.";
      },
      shownBy: [
        onFargate({ cpu: 'half' }),
        onFargate({ cpu: '1 core' }),
        onFargate({ cpu: '-256' }),
        onFargate({ memory: '512 MB' }),
        onFargate({ memory: '0' }),
      ],
    },
    {
      says: 'A task that Fargate runs has a size of the table.',
      *mistakes(input) {
        if (!needsFargate(input)) return;
        const [cpu, memory] = [cpuUnits(input.cpu ?? ''), mebibytes(input.memory ?? '')];
        if (cpu === undefined || memory === undefined || isOffered(cpu, memory, input)) return;
        yield `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory. See the Amazon ECS documentation for the valid values.`;
      },
      shownBy: [
        onFargate({ cpu: '300' }),
        onFargate({ cpu: '256', memory: '1536' }),
        onFargate({ cpu: '1 vCPU', memory: '1 GB' }),
        onFargate({ cpu: '8192', memory: '17 GB' }),
        onFargate({ cpu: '16 vCPU', memory: '124 GB' }),
        onFargate({ cpu: '32 vCPU', memory: '128 GB' }),
        onFargate({ cpu: '64 vCPU', memory: '244 GB' }),
        onFargate({ runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } }),
      ],
    },
  ]),
  ...definitionRules(FARGATE, [
    {
      says: 'A task that Fargate runs has CPU and memory of its own.',
      *mistakes(input: Definition) {
        if (!needsFargate(input)) return;
        for (const member of ['cpu', 'memory'] as const)
          if (input[member] === undefined)
            yield `Fargate requires that '${member}' be defined at the task level.`;
      },
      shownBy: [onFargate({ cpu: undefined }), { ...container({ memory: 256 }), memory: undefined }],
    },
  ]),
  ...definitionRules('RegisterTaskDefinition - Amazon Elastic Container Service API Reference', [
    {
      says: 'On instances a task has between 128 CPU units and 196608.',
      *mistakes(input) {
        const cpu = cpuUnits(input.cpu ?? '');
        if (needsFargate(input) || cpu === undefined) return;
        if (cpu < 128 || cpu > 196_608) yield "Invalid 'cpu' setting for task.";
      },
      shownBy: [onEc2({ cpu: '64' }), onEc2({ cpu: '256 vCPU' })],
    },
  ]),
];
