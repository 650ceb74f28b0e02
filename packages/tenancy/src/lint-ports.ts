import type { EnvironmentContract } from './contract.ts';

/** Ports of the layer matrix that EC2 takes no rule for. */
export function lintPorts({ layerEdges }: Pick<EnvironmentContract, 'layerEdges'>): readonly string[] {
  return layerEdges
    .flatMap(({ ports }) => ports)
    .filter((range) => !isPorts(range))
    .map(
      (range) =>
        `layerEdges: ${range} is no port and no range of ports: the lower end comes first, and none is above 65535`,
    );
}

function isPorts(range: string): boolean {
  const [low = 0, high = low] = range.split('-').map(Number);
  return low <= high && high <= 65_535;
}
