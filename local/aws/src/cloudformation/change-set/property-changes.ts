import { isDeepStrictEqual } from 'node:util';
import type { ResourceChangeDetail, ResourceTargetDefinition } from '@aws-sdk/client-cloudformation';
import type { Properties } from '../resource-type.ts';
import { specOf } from '../spec.ts';
import { LATER, referencesIn } from '../template/intrinsics.ts';

/** One place in the properties of a resource that changes. */
interface Place {
  readonly path: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
}

/** How the properties of a resource change, with the values before and after ("ResourceChangeDetail", API reference). */
export function propertyChanges(
  type: string,
  before: Properties,
  after: Properties,
  template: Properties,
): readonly ResourceChangeDetail[] {
  return places(before, after, []).map((place) => {
    const [name = ''] = place.path;
    const [cause] = place.after === LATER ? referencesIn(template[name]) : [];
    const isTags = name === specOf(type)?.tagInformation?.tagPropertyName;
    const target: ResourceTargetDefinition = {
      Attribute: isTags ? 'Tags' : 'Properties',
      Name: name,
      RequiresRecreation: recreation(type, name),
      Path: `/Properties/${place.path.join('/')}`,
      ...('before' in place && { BeforeValue: told(place.before) }),
      ...('after' in place && { AfterValue: told(place.after) }),
      AttributeChangeType: !('before' in place) ? 'Add' : !('after' in place) ? 'Remove' : 'Modify',
    };
    return {
      Target: target,
      Evaluation: cause ? 'Dynamic' : 'Static',
      ChangeSource: !cause
        ? 'DirectModification'
        : cause.attribute
          ? 'ResourceAttribute'
          : 'ResourceReference',
      ...(cause && { CausingEntity: cause.attribute ? `${cause.name}.${cause.attribute}` : cause.name }),
    };
  });
}

function recreation(type: string, name: string): 'Always' | 'Conditionally' | 'Never' {
  const causes = specOf(type)?.properties[name]?.causesReplacement;
  return causes === 'yes' ? 'Always' : causes === 'maybe' ? 'Conditionally' : 'Never';
}

function places(before: unknown, after: unknown, path: readonly string[]): readonly Place[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => {
      if (!(name in before)) return [{ path: [...path, name], after: after[name] }];
      if (!(name in after)) return [{ path: [...path, name], before: before[name] }];
      return places(before[name], after[name], [...path, name]);
    });
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((item, i) => places(item, after[i], [...path, String(i)]));
  return [{ path, before, after }];
}

function told(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
