import type { DecidedRow } from './decide-rows.ts';

/** An image's layers by who brought them, as its build recorded it. */
export interface ImageLayers {
  readonly base: readonly string[];
  readonly own: readonly string[];
}

/** How many findings came with the base image, with the service's own layers, and with an unknown layer. */
export interface ByLayer {
  readonly base: number;
  readonly own: number;
  readonly unknown: number;
}

/** A layer in neither list is unknown. If a scanner names layers differently, nobody must be blamed for them. */
export function countByLayer(rows: readonly DecidedRow[], layers: ImageLayers | undefined): ByLayer {
  const counts = { base: 0, own: 0, unknown: 0 };
  for (const { finding } of rows) counts[originOf(finding.layer, layers)] += 1;
  return counts;
}

function originOf(layer: string | undefined, layers: ImageLayers | undefined): keyof ByLayer {
  if (layer === undefined || !layers) return 'unknown';
  if (layers.base.includes(layer)) return 'base';
  return layers.own.includes(layer) ? 'own' : 'unknown';
}
