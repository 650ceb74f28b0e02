import { containersOf, definitionRules, EC2 } from './definition.ts';
import { container, containerOnEc2, onEc2, onFargate } from './examples.ts';
import { cpuUnits, mebibytes } from './task-size.ts';

/** Limits of containers against each other and against the task. Assumes ecs-hard-limits-may-add-up. */
export const containerLimitRules = definitionRules(EC2, [
  {
    says: 'Without memory of the task each container has a limit or a reservation.',
    *mistakes(input) {
      if (input.memory !== undefined) return;
      for (const { name, memory, memoryReservation } of containersOf(input))
        if (memory === undefined && memoryReservation === undefined)
          yield `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`;
    },
    shownBy: [
      containerOnEc2({ memory: undefined }),
      onEc2({ cpu: '256', containerDefinitions: [{ name: 'orders', image: 'orders' }] }),
    ],
  },
  {
    says: 'CPU, memory and reservation of a container are positive; its CPU may be zero.',
    *mistakes(input) {
      for (const { name, cpu = 0, memory = 1, memoryReservation = 1 } of containersOf(input)) {
        if (cpu < 0) yield `Invalid 'cpu' setting for container '${name}'.`;
        if (memory <= 0) yield `Invalid 'memory' setting for container '${name}'.`;
        if (memoryReservation <= 0) yield `Invalid 'memoryReservation' setting for container '${name}'.`;
      }
    },
    shownBy: [container({ cpu: -1 }), containerOnEc2({ memory: 0 }), container({ memoryReservation: -5 })],
  },
  {
    says: 'The limit of a container is at least its reservation.',
    *mistakes(input) {
      for (const { name, memory = Infinity, memoryReservation = 0 } of containersOf(input))
        if (memory < memoryReservation)
          yield `Invalid setting for container '${name}'. 'memory' must be greater than or equal to 'memoryReservation'.`;
    },
    shownBy: [container({ memory: 256, memoryReservation: 257 })],
  },
  {
    says: 'The limit of a container is at most the memory of the task.',
    *mistakes(input) {
      const task = mebibytes(input.memory ?? '') ?? Infinity;
      for (const { name, memory = 0 } of containersOf(input))
        if (memory > task) yield `The 'memory' setting for container '${name}' is greater than for the task.`;
    },
    shownBy: [container({ memory: 513 }), onEc2({ memory: '128' })],
  },
  {
    says: 'Reservations of all containers are at most the memory of the task.',
    *mistakes(input) {
      const task = mebibytes(input.memory ?? '') ?? Infinity;
      if (sum(containersOf(input).map(({ memoryReservation = 0 }) => memoryReservation)) > task)
        yield "The sum of all container 'memoryReservation' values cannot be greater than the value of the task 'memory'.";
    },
    shownBy: [
      container({ memoryReservation: 513 }),
      container({ memoryReservation: 300 }, { memoryReservation: 300 }),
    ],
  },
  {
    says: 'CPU of all containers is at most the CPU of the task.',
    *mistakes(input) {
      const task = cpuUnits(input.cpu ?? '') ?? Infinity;
      if (sum(containersOf(input).map(({ cpu = 0 }) => cpu)) > task)
        yield "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.";
    },
    shownBy: [
      container({ cpu: 257 }),
      container({ cpu: 200 }, { cpu: 100 }),
      onFargate({ containerDefinitions: [{ name: 'orders', image: 'orders', cpu: 1_024 }] }),
    ],
  },
]);

const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
