import type { Json } from '@tenant-delivery/domain';

/**
 * CPU units, 1024 to a core, of `256`, `"256"` or `"0.25 vCPU"`; `undefined` for anything else. ECS converts what it is
 * sent to units ("Troubleshoot Amazon ECS task definition invalid CPU or memory errors").
 */
export function cpuUnits(size: Json | undefined): number | undefined {
  return sized(size, /^(\d+|\d*\.\d+) ?vcpu$/i);
}

/** MiB, of `512`, `"512"` or `"0.5 GB"`; `undefined` for anything else. */
export function mebibytes(size: Json | undefined): number | undefined {
  return sized(size, /^(\d+|\d*\.\d+) ?gb$/i);
}

function sized(size: Json | undefined, large: RegExp): number | undefined {
  if (typeof size === 'number') return size;
  if (typeof size !== 'string') return undefined;
  const text = size.trim();
  if (/^\d+$/.test(text)) return Number(text);
  const amount = large.exec(text)?.[1];
  return amount === undefined ? undefined : Math.round(Number(amount) * 1024);
}
