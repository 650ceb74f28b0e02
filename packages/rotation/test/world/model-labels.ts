import type { EscrowState } from '../../src/escrow.ts';
import type { Answer } from '../../src/ports.ts';

/** Versions of a secret by id, with their labels, as Secrets Manager moves them. */
export type Labelled = Record<string, { stages: string[] }>;

export function labelledIn(versions: Labelled, stage: string): string | undefined {
  return Object.entries(versions).find(([, { stages }]) => stages.includes(stage))?.[0];
}

/** What DescribeSecret says: a version without a label is not told. */
export function describedVersions(versions: Labelled): Extract<EscrowState, { readonly kind: 'usable' }> {
  const told = Object.entries(versions).filter(([, { stages }]) => stages.length > 0);
  return { kind: 'usable', versions: told.map(([id, { stages }]) => ({ id, stages: [...stages] })) };
}

export function moveLabel(
  versions: Labelled,
  stage: string,
  to: string | undefined,
  from: string | undefined,
): Answer | undefined {
  const holder = labelledIn(versions, stage);
  if (to !== undefined && !versions[to]) return { refused: 'ResourceNotFoundException' };
  if (holder !== from) return { refused: 'InvalidParameterException' };
  for (const version of Object.values(versions))
    version.stages = version.stages.filter((one) => one !== stage);
  if (to !== undefined) versions[to]?.stages.push(stage);
  if (stage === 'AWSCURRENT' && from !== undefined && to !== from)
    moveLabel(versions, 'AWSPREVIOUS', from, labelledIn(versions, 'AWSPREVIOUS'));
  return undefined;
}
