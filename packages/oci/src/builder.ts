import type { BuildSecret } from './build-secrets.ts';
import type { Descriptor } from './descriptor.ts';
import type { BuildArgs } from './dockerfile/scope.ts';
import type { Base } from './inputs-digest.ts';
import type { Layout } from './layout.ts';

/** One image to build. For one platform it is a manifest, for several an index with a child for each. */
export interface BuildRequest {
  /** The context's folder. */
  readonly context: string;
  /** Path of the Dockerfile, from the context. */
  readonly dockerfile: string;
  /** `linux/amd64`, … each once; at least one. */
  readonly platforms: readonly string[];
  /** The stage to build, by name or number. By default the last one. */
  readonly target?: string;
  readonly buildArgs: BuildArgs;
  /** Other folders that the Dockerfile may copy from, by the name it uses for them. */
  readonly contexts?: Readonly<Record<string, string>>;
  readonly secrets?: readonly BuildSecret[];
  /** An image reference under which build steps are kept for later builds. */
  readonly cache?: string;
  /** The digests that base images were found to have. A tag that moves during the build changes nothing. */
  readonly base: readonly Base[];
  readonly labels: Readonly<Record<string, string>>;
  /** Written into every manifest, and into the index. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Seconds since 1970 in every file and in the configuration: the commit's time. */
  readonly epoch: number;
  /** Where the layout is written; made by the builder. */
  readonly output: string;
}

export interface Built {
  readonly layout: Layout;
  readonly root: Descriptor;
}

/** Anything that turns a Dockerfile into an OCI layout on disk. */
export interface ImageBuilder {
  readonly name: 'own' | 'buildx';
  /** The image of BuildKit that builds, by its digest, if it is known. */
  readonly image?: string;
  build(request: BuildRequest): Promise<Built>;
}
