import { allLoopback } from './clock.ts';

/** How many times faster than the machine a local clock runs; 1 wherever `clockFrom` follows the machine. */
export function clockScale(env: Readonly<Record<string, string | undefined>>): number {
  const [scale = 1] = (env['LOCAL_CLOCK'] ?? '1').split(',').map(Number);
  return allLoopback(env) && Number.isFinite(scale) && scale > 0 ? scale : 1;
}
