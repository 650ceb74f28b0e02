import type { BuildSecret } from './build-secrets.ts';
import type { Descriptor } from './descriptor.ts';
import type { BuildArgs } from './dockerfile/scope.ts';
import type { Base } from './inputs-digest.ts';
import type { Layout } from './layout.ts';

/** One image to build. For one platform it is a manifest, for several an index with a child for each. */
export interface BuildRequest {
  /** The context's folder. */
  readonly context: string;
  /** Path of the Dockerfile, from the context, or from `dockerfileFolder` if there is one. */
  readonly dockerfile: string;
  /** For a Dockerfile that is not in the context: the folder that its path begins at. */
  readonly dockerfileFolder?: string;
  /** `linux/amd64`, … each once; at least one. */
  readonly platforms: readonly string[];
  /** The stage to build, by name or number. By default the last one. */
  readonly target?: string;
  readonly buildArgs: BuildArgs;
  /** Names of arguments that a builder's program gets as variables, and not among its own arguments. */
  readonly argumentsInVariables?: readonly string[];
  /** Other folders that the Dockerfile may copy from, by the name it uses for them. */
  readonly contexts?: Readonly<Record<string, string>>;
  readonly secrets?: readonly BuildSecret[];
  /** Where build steps are looked for and kept, in the words of buildx: `type=registry,ref=…`. */
  readonly caches?: { readonly from: readonly string[]; readonly to: readonly string[] };
  /** Build steps that were kept are not used: of no stage, or not of these. */
  readonly noCache?: 'of any stage' | readonly string[];
  /** Asks for each base image again, although the engine has it. */
  readonly pull?: boolean;
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
