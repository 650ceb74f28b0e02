const GB = 1024; // MiB

/**
 * CPU units, and the MiB of memory that go with them ("Task size", "Amazon ECS task definition parameters for Fargate").
 */
export const FARGATE_MEMORY: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, GB, 2 * GB]],
  [512, steps(GB, 4 * GB, GB)],
  [1024, steps(2 * GB, 8 * GB, GB)],
  [2048, steps(4 * GB, 16 * GB, GB)],
  [4096, steps(8 * GB, 30 * GB, GB)],
  [8192, steps(16 * GB, 60 * GB, 4 * GB)],
  [16_384, steps(32 * GB, 120 * GB, 8 * GB)],
  [32_768, [60 * GB, 120 * GB, 244 * GB]],
]);

function steps(least: number, most: number, step: number): readonly number[] {
  return Array.from({ length: (most - least) / step + 1 }, (_, at) => least + at * step);
}
