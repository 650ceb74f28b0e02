import type { Scope } from '../expressions/scope.ts';
import { segmentsOf } from '../expressions/segments.ts';
import { fillText } from '../expressions/template.ts';
import type { JobDefinition } from '../files/workflow-file.ts';
import { text } from '../value.ts';

/** A name with expressions is used as it is. Any other gets the matrix's values. */
export function jobName({ id, name }: JobDefinition, scope: Scope, suffix: string): string {
  const written = text(name) || id;
  const dynamic = segmentsOf(written).some(({ kind }) => kind === 'expression');
  if (!dynamic) return `${written}${suffix}`;
  try {
    return fillText(written, scope);
  } catch {
    return `${written}${suffix}`; // a job that is skipped may name what is not there
  }
}
