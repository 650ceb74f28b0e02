import { isMapping, list, type Mapping, mapping, text, type Value } from '../value.ts';

/** An input of `workflow_dispatch` or `workflow_call`. */
export interface DeclaredInput {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly default?: Value;
  readonly options: readonly string[];
}

export function declaredInputs(trigger: Value | undefined): readonly DeclaredInput[] {
  return Object.entries(mapping(mapping(trigger)['inputs'])).map(([name, declared]) => {
    const input = mapping(declared);
    return {
      name,
      type: text(input['type'] ?? 'string'),
      required: input['required'] === true,
      ...(input['default'] === undefined || input['default'] === null ? {} : { default: input['default'] }),
      options: list(input['options']).map(text),
    };
  });
}

export interface DeclaredSecret {
  readonly name: string;
  readonly required: boolean;
}

export function declaredSecrets(call: Value | undefined): readonly DeclaredSecret[] {
  return Object.entries(mapping(mapping(call)['secrets'])).map(([name, declared]) => ({
    name,
    required: isMapping(declared) && declared['required'] === true,
  }));
}

/** Called workflow's output name to its `value`. */
export function declaredOutputs(call: Value | undefined): Mapping {
  return Object.fromEntries(
    Object.entries(mapping(mapping(call)['outputs'])).map(([name, output]) => [
      name,
      mapping(output)['value'] ?? '',
    ]),
  );
}
