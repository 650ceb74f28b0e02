import type { Properties } from '../resource-type.ts';
import { specOf } from '../spec.ts';

/** A stack's own tags go to every resource that takes tags; those of the resource itself win. */
export function withStackTags(
  type: string,
  properties: Properties,
  tags: Readonly<Record<string, string>>,
): Properties {
  const { tagInformation } = specOf(type) ?? {};
  if (Object.keys(tags).length === 0 || tagInformation?.variant !== 'standard') return properties;
  const { tagPropertyName: name } = tagInformation;
  const own = Array.isArray(properties[name]) ? properties[name] : [];
  const more = Object.entries(tags).filter(([key]) => !own.some(({ Key }) => Key === key));
  return { ...properties, [name]: [...own, ...more.map(([Key, Value]) => ({ Key, Value }))] };
}
