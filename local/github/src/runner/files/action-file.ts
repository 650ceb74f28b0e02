import { type Mapping, mapping, text, type Value } from '../value.ts';
import { type StepDefinition, stepsOf } from './step-definition.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

/** An `action.yml`. */
export interface ActionFile {
  readonly yaml: YamlFile;
  readonly name: string;
  readonly inputs: readonly ActionInput[];
  readonly runs: NodeAction | CompositeAction | { readonly kind: 'other'; readonly using: string };
}

export interface ActionInput {
  readonly name: string;
  readonly default?: Value;
  readonly deprecated?: string;
}

export interface NodeAction {
  readonly kind: 'node';
  readonly main: string;
  readonly pre?: string;
  readonly preIf: string;
  readonly post?: string;
  readonly postIf: string;
}

export interface CompositeAction {
  readonly kind: 'composite';
  readonly steps: readonly StepDefinition[];
  /** Output name to its `value`. */
  readonly outputs: Mapping;
}

export function readAction(name: string, content: string): ActionFile {
  const yaml = readYaml(name, content);
  const { root } = yaml;
  return {
    yaml,
    name: text(root['name']),
    inputs: Object.entries(mapping(root['inputs'])).map(([input, declared]) => {
      const { default: value, deprecationMessage } = mapping(declared);
      return {
        name: input,
        ...(value === undefined || value === null ? {} : { default: value }),
        ...(deprecationMessage === undefined ? {} : { deprecated: text(deprecationMessage) }),
      };
    }),
    runs: runsOf(mapping(root['runs']), mapping(root['outputs'])),
  };
}

function runsOf(runs: Mapping, outputs: Mapping): ActionFile['runs'] {
  const using = text(runs['using']);
  if (using === 'node24') {
    return {
      kind: 'node',
      main: text(runs['main']),
      ...(runs['pre'] === undefined ? {} : { pre: text(runs['pre']) }),
      preIf: text(runs['pre-if'] ?? 'always()'),
      ...(runs['post'] === undefined ? {} : { post: text(runs['post']) }),
      postIf: text(runs['post-if'] ?? 'always()'),
    };
  }
  if (using !== 'composite') return { kind: 'other', using };
  return {
    kind: 'composite',
    steps: stepsOf(runs['steps'], ['runs', 'steps']),
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, output]) => [name, mapping(output)['value'] ?? '']),
    ),
  };
}
