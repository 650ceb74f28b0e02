import type { Templates, Values } from './templates.ts';

/** A policy document of IAM's language. */
export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly unknown[];
}

/** One of our own files, with its values. */
export function policyDocument(templates: Templates, values: Values, file: string): PolicyDocument {
  return templates(`${file}.json`, values) as PolicyDocument; // our own file; a test measures and plays each
}
