import * as v from 'valibot';
import { readRegistryJson } from './registry-json.ts';

const strings = v.optional(v.nullable(v.array(v.string())));

/** "OCI Image Configuration"; members that we neither read nor write are kept. */
const imageConfigSchema = v.looseObject({
  architecture: v.string(),
  os: v.string(),
  variant: v.optional(v.string()),
  created: v.optional(v.string()),
  config: v.optional(
    v.nullable(
      v.looseObject({
        User: v.optional(v.string()),
        Env: strings,
        Entrypoint: strings,
        Cmd: strings,
        WorkingDir: v.optional(v.string()),
        Labels: v.optional(v.nullable(v.record(v.string(), v.string()))),
        ExposedPorts: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
      }),
    ),
  ),
  rootfs: v.looseObject({ type: v.string(), diff_ids: v.array(v.string()) }),
  history: v.optional(v.nullable(v.array(v.looseObject({ empty_layer: v.optional(v.boolean()) })))),
});

export type ImageConfig = v.InferOutput<typeof imageConfigSchema>;

export type ContainerConfig = NonNullable<ImageConfig['config']>;

export function parseImageConfig(bytes: Uint8Array): ImageConfig {
  return v.parse(imageConfigSchema, readRegistryJson('The configuration of an image', bytes));
}
