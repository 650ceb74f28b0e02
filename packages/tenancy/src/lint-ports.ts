import { pairs } from './address-ranges.ts';
import type { EnvironmentContract } from './contract.ts';
import { repeated } from './problems.ts';

interface OpenPort {
  readonly edge: string;
  readonly range: string;
}

function portsOf({ layerEdges }: Pick<EnvironmentContract, 'layerEdges'>): readonly OpenPort[] {
  return layerEdges.flatMap(({ from, to, protocol, ports }) =>
    ports.map((range) => ({ edge: `${from} to ${to} by ${protocol}`, range })),
  );
}

/** Ports of the layer matrix that EC2 refuses in a rule, or that two rules of one template would name. */
export function lintPorts(environment: Pick<EnvironmentContract, 'layerEdges'>): readonly string[] {
  const all = portsOf(environment);
  return [
    ...all
      .filter(({ range }) => !isPorts(range))
      .map(
        ({ range }) =>
          `layerEdges: ${range} is no port and no range of ports: the lower end comes first, and none is above 65535`,
      ),
    ...pairs(all)
      .filter(([a, b]) => a.edge === b.edge && a.range !== b.range && digits(a.range) === digits(b.range))
      .map(
        ([a, b]) =>
          `layerEdges: ${a.range} and ${b.range} from ${b.edge} would have one name in the template; write the range as single ports`,
      ),
  ];
}

/** Ports that two entries open. This does no harm, but one entry may be a mistake. */
export function lintRepeatedPorts(environment: Pick<EnvironmentContract, 'layerEdges'>): readonly string[] {
  return repeated(portsOf(environment).map(({ edge, range }) => `${range} from ${edge}`)).map(
    (twice) => `layerEdges: ${twice} is there twice`,
  );
}

/** A range in a template's names, which have letters and digits alone. */
function digits(range: string): string {
  return range.replace('-', '');
}

function isPorts(range: string): boolean {
  const [low, high] = endsOf(range);
  return low <= high && high <= 65_535;
}

function endsOf(range: string): readonly [low: number, high: number] {
  const [low = 0, high = low] = range.split('-').map(Number);
  return [low, high];
}

/** Whether one of the ports or ranges has this port. */
export function covers(ranges: readonly string[], port: number): boolean {
  return ranges.some((range) => {
    const [low, high] = endsOf(range);
    return low <= port && port <= high;
  });
}
