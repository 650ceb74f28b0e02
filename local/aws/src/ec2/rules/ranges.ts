import { isRange } from '../cidr.ts';

/** What EC2 says of a parameter that has to be an IPv4 range, and is none. */
export function* rangeMistakes(cidr: string | undefined, parameter: string): Iterable<string> {
  if (cidr !== undefined && !isRange(cidr))
    yield `Value (${cidr}) for parameter ${parameter} is invalid. This is not a valid CIDR block.`;
}
