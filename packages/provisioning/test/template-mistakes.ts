import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { PropertyType, Resource as ResourceSpec, SpecDatabase } from '@aws-cdk/service-spec-types';
import type { Template } from '../src/stacks/template.ts';

/** AWS's own schemas, with the corrections of the CDK's authors. */
const database: SpecDatabase = loadAwsServiceSpecSync();

/** What AWS's schemas say against a template: types, properties, attributes and references. Empty when it is sound. */
export function templateMistakes({ Resources, Parameters = {}, Outputs = {} }: Template): readonly string[] {
  const specs = new Map<string, ResourceSpec | undefined>();
  for (const [id, { Type }] of Object.entries(Resources)) {
    specs.set(id, database.lookup('resource', 'cloudFormationType', 'equals', Type)[0]);
  }
  const isIntrinsic = (value: unknown) => {
    const [key = '', ...more] = Object.keys(Object(value));
    return more.length === 0 && (key === 'Ref' || key.startsWith('Fn::'));
  };

  function references(at: string, value: unknown): readonly string[] {
    if (typeof value !== 'object' || value === null) return [];
    const found = Object.entries(value).flatMap(([key, inner]) => {
      if (key === 'Ref' && isIntrinsic(value)) {
        const there = Resources[String(inner)] ?? Parameters[String(inner)];
        return there === undefined ? [`${at}: Ref of ${inner}, which is not there`] : [];
      }
      if (key === 'Fn::GetAtt' && Array.isArray(inner)) {
        const [id, attribute] = inner.map(String);
        const attributes = specs.get(id ?? '')?.attributes ?? {};
        return Object.hasOwn(attributes, attribute ?? '') ? [] : [`${at}: there is no ${id}.${attribute}`];
      }
      return references(at, inner);
    });
    return found;
  }

  function judgeType(at: string, value: unknown, type: PropertyType): readonly string[] {
    if (isIntrinsic(value)) return [];
    const says = (holds: boolean) => (holds ? [] : [`${at}: ${JSON.stringify(value)} is no ${type.type}`]);
    switch (type.type) {
      case 'string':
        return says(typeof value === 'string');
      case 'number':
      case 'integer':
        return says(typeof value === 'number');
      case 'boolean':
        return says(typeof value === 'boolean');
      case 'json':
        return says(typeof value === 'object');
      case 'array':
        return Array.isArray(value)
          ? value.flatMap((each, i) => judgeType(`${at}[${i}]`, each, type.element))
          : says(false);
      case 'map':
        return Object.entries(Object(value)).flatMap(([key, each]) =>
          judgeType(`${at}.${key}`, each, type.element),
        );
      case 'ref': {
        const { properties } = database.get('typeDefinition', type.reference.$ref);
        return judgeMembers(at, Object(value), properties);
      }
      case 'union': {
        const each = type.types.map((one) => judgeType(at, value, one));
        return each.find((mistakes) => mistakes.length === 0) ?? each[0] ?? [];
      }
      default:
        return [];
    }
  }

  function judgeMembers(at: string, given: object, known: ResourceSpec['properties']): readonly string[] {
    return [
      ...Object.entries(known)
        .filter(([name, { required }]) => required === true && Reflect.get(given, name) === undefined)
        .map(([name]) => `${at}: ${name} is missing`),
      ...Object.entries(given).flatMap(([name, value]) => {
        const property = known[name];
        return property ? judgeType(`${at}.${name}`, value, property.type) : [`${at}: there is no ${name}`];
      }),
    ];
  }

  return [
    ...Object.entries(Resources).flatMap(([id, { Type, Properties = {}, DependsOn = [] }]) => {
      const spec = specs.get(id);
      return [
        ...(spec ? judgeMembers(id, Properties, spec.properties) : [`${id}: there is no ${Type}`]),
        ...[DependsOn]
          .flat()
          .filter((other) => Resources[other] === undefined)
          .map((other) => `${id}: it depends on ${other}, which is not there`),
        ...references(id, Properties),
      ];
    }),
    ...references('Outputs', Outputs),
  ];
}
