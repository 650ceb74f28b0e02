import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { PropertyType, Resource, SpecDatabase, TypeDefinition } from '@aws-cdk/service-spec-types';

let loaded: SpecDatabase | undefined;

/** AWS's own specification of all types, read from its package on first use: it takes half a second. */
function database(): SpecDatabase {
  loaded ??= loadAwsServiceSpecSync();
  return loaded;
}

/** What AWS says of a type of resource; `undefined` if it has none of this name. */
export function specOf(type: string): Resource | undefined {
  return database().lookup('resource', 'cloudFormationType', 'equals', type)[0];
}
/** The members of a property that is a structure. */
export function definitionOf(type: Extract<PropertyType, { type: 'ref' }>): TypeDefinition {
  return database().get('typeDefinition', type.reference.$ref);
}
