import { isMapping, list, type Mapping, mapping, text, type Value } from '../value.ts';

/** A step of a job or of a composite action; values still hold their `${{ }}`. */
export interface StepDefinition {
  readonly id?: string;
  readonly name?: Value;
  readonly condition?: Value;
  readonly env: Value;
  readonly continueOnError?: Value;
  readonly timeoutMinutes?: Value;
  readonly work:
    | { readonly kind: 'script'; readonly run: Value; readonly shell?: Value; readonly folder?: Value }
    | { readonly kind: 'action'; readonly uses: string; readonly inputs: Mapping };
  /** Where in its file: `['jobs', 'build', 'steps', 0]`. */
  readonly path: readonly (string | number)[];
}

export function stepsOf(
  value: Value | undefined,
  path: readonly (string | number)[],
): readonly StepDefinition[] {
  return list(value)
    .filter(isMapping)
    .map((step, at) => ({
      ...(step['id'] === undefined ? {} : { id: text(step['id']) }),
      ...(step['name'] === undefined ? {} : { name: step['name'] }),
      ...(step['if'] === undefined ? {} : { condition: step['if'] }),
      env: step['env'] ?? {},
      ...(step['continue-on-error'] === undefined ? {} : { continueOnError: step['continue-on-error'] }),
      ...(step['timeout-minutes'] === undefined ? {} : { timeoutMinutes: step['timeout-minutes'] }),
      work: workOf(step),
      path: [...path, at],
    }));
}

function workOf(step: Mapping): StepDefinition['work'] {
  if (step['uses'] !== undefined) {
    return { kind: 'action', uses: text(step['uses']), inputs: mapping(step['with']) };
  }
  return {
    kind: 'script',
    run: step['run'] ?? '',
    ...(step['shell'] === undefined ? {} : { shell: step['shell'] }),
    ...(step['working-directory'] === undefined ? {} : { folder: step['working-directory'] }),
  };
}
