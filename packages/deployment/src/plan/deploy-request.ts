import { parseImage } from '@tenant-delivery/domain';
import * as v from 'valibot';
import { byName, jsonObject } from '../json.ts';

const text = (what: string) => v.string(`is no text; write ${what}`);
/** The name of a container. */
export const CONTAINER = /^[A-Za-z0-9_-]{1,255}$/;
const container = v.pipe(v.string(), v.regex(CONTAINER, 'is no container name'));

/** No message of these shows the value: a variable, or what was written instead of a secret's name, may be secret. */
const variable = v.pipe(
  v.string(),
  v.regex(/^[^\s=]+$/, 'is no name of a variable: it is empty, or holds a blank or ='),
);
const value = text('it in quotes');
const reference = v.pipe(
  text('the ARN or the name of the secret'),
  v.regex(
    /^(arn:aws[a-z-]*:(ssm:[a-z0-9-]+:\d{12}:parameter\/|secretsmanager:[a-z0-9-]+:\d{12}:secret:)\S+|[A-Za-z0-9_./-]{1,1011})$/,
    'is no ARN of Secrets Manager or the Parameter Store, and no name of a parameter; secrets are named here, never written out',
  ),
);

/** `merge` keeps what is not named, and `null` in it takes a variable out; `replace` leaves nothing else. */
const changeOf = <const Text extends v.GenericSchema<string, string>>(text: Text) =>
  v.variant(
    'mode',
    [
      v.strictObject({ mode: v.literal('merge'), values: byName(variable, v.nullable(text)) }),
      v.strictObject({ mode: v.literal('replace'), values: byName(variable, text) }),
      v.strictObject({ mode: v.literal('remove'), names: v.array(variable) }),
    ],
    'must be merge, replace or remove',
  );

const image = v.pipe(
  text('an image as repository@sha256:…'),
  v.check(
    isImage,
    'must be an image by its digest: repository@sha256:…, as build-and-scan-image or `docker buildx imagetools inspect` tells it',
  ),
);

/** A tag beside a digest says nothing that holds, and would not compare equal to the image that was gated. */
export function isImage(image: string): boolean {
  const repository = parseImage(image)?.repositoryUri;
  return (
    repository !== undefined && /^[^\s@]+$/.test(repository) && !repository.split('/').at(-1)?.includes(':')
  );
}

const tagKey = v.pipe(
  v.string(),
  v.regex(/^(?!aws:).{1,128}$/i, 'is no key of a tag: 1 to 128 characters, not beginning with aws:'),
);

const source = v.variant(
  'kind',
  [
    /** What the service runs now. */
    v.strictObject({ kind: v.literal('running') }),
    /** A file of the repository: `parseTaskDefinitionFile` reads it. `file` is for messages only. */
    v.strictObject({ kind: v.literal('document'), file: v.string(), document: jsonObject }),
    /** A revision that is registered already, deployed as it is. */
    v.strictObject({
      kind: v.literal('revision'),
      arn: v.pipe(
        v.string(),
        v.regex(
          /^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:task-definition\/[A-Za-z0-9_-]{1,255}:\d+$/,
          'must be the ARN of one revision, arn:aws:ecs:…:task-definition/family:number',
        ),
      ),
    }),
  ],
  'must be running, document or revision',
);

const request = v.strictObject({
  schemaVersion: v.literal(1, 'must be 1'),
  source,
  /** Container → `repository@sha256:…`. */
  images: byName(container, image),
  environment: byName(container, changeOf(value)),
  /** Values are ARNs or names of secrets and parameters, never secrets. */
  secrets: byName(container, changeOf(reference)),
  /** A merge patch (RFC 7396) on the task definition, in which `containerDefinitions` holds containers by their name. */
  patch: jsonObject,
  /** Set when a revision is registered, beside the tags that the current one has. */
  tags: byName(tagKey, v.pipe(text("the tag's value"), v.maxLength(256, 'must have at most 256 characters'))),
  /** Members that AWS has and this release does not know, as `containerDefinitions.newMember`. */
  allowUnknown: v.array(v.string()),
  /** Further members of UpdateServiceRequest that were asked for, by their name. */
  update: jsonObject,
});

/** What is asked of a deploy, as data. */
export const DeployRequest = v.pipe(
  request,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || dataset.value.source.kind !== 'revision') return;
    const input = dataset.value;
    for (const key of ['images', 'environment', 'secrets', 'patch', 'tags'] as const) {
      if (Object.keys(input[key]).length === 0) continue;
      addIssue({
        message:
          'changes a revision that is deployed as it is; leave it out, or start from what runs or from a file',
        path: [{ type: 'object', origin: 'value', input, key, value: input[key] }],
      });
    }
  }),
);

export type DeployRequest = v.InferOutput<typeof DeployRequest>;
export type VariablesChange = DeployRequest['environment'][string];
