import * as v from 'valibot';
import type { Template } from '../stacks/template.ts';

const Body = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({
    Resources: v.record(v.string(), v.looseObject({ Type: v.string() })),
    Metadata: v.optional(v.record(v.string(), v.unknown())),
  }),
);

export type ReadTemplate = Pick<Template, 'Resources' | 'Metadata' | 'Outputs'>;

/** A template that CloudFormation gave back; `undefined` for one that is not of this form: somebody else sent it. */
export function readTemplate(body: string): ReadTemplate | undefined {
  const read = v.safeParse(Body, body);
  if (!read.success) return undefined;
  return read.output as ReadTemplate; // its resources are as CloudFormation accepted them
}
