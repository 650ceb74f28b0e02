import { failure } from '@tenant-delivery/action-kit/failure';

const refusal = (what: string, why: string) => `The registry refused ${what}: ${why}`;

export const failures = {
  dockerfileUnsupported: failure(
    'DOCKERFILE_UNSUPPORTED',
    (file: string, details: readonly string[]) => ({
      message: `${file} needs what the built-in builder cannot do: ${details.join('; ')}`,
      details,
    }),
    'A RUN needs Docker buildx with a docker-container builder, or Docker with the containerd image store. On a hosted runner docker/setup-buildx-action makes one; under a contract the provider names an image of BuildKit (`build.builder`), and the builder is made from it. Otherwise change the lines named.',
  ),
  dockerfileInvalid: failure(
    'DOCKERFILE_INVALID',
    (file: string, details: readonly string[]) => ({
      message: `${file} cannot be read: ${details.join('; ')}`,
      details,
    }),
    'Correct the lines named; each says what was expected.',
  ),
  copyOutsideContext: failure(
    'COPY_OUTSIDE_CONTEXT',
    (details: readonly string[]) => ({
      message: `The build would read outside its context: ${details.join('; ')}`,
      details,
    }),
    'Move what is needed into the context folder, or widen the `context` input; links must stay inside it too.',
  ),
  copySourceMissing: failure(
    'COPY_SOURCE_MISSING',
    (where: string, sources: readonly string[]) =>
      `${where}: ${sources.join(' ')} is not there to be copied; it is missing, or a .dockerignore leaves it out.`,
    'Check the path, which is taken from the context folder, and the ignore file.',
  ),
  copyThroughLinks: failure(
    'COPY_SOURCE_MISSING',
    (where: string, path: string) =>
      `${where}: ${path} leads through more than 40 links, and Linux follows no more than that.`,
    'Look for a link that leads back to itself, and name the file itself in the Dockerfile.',
  ),
  baseImageUnavailable: failure(
    'BASE_IMAGE_UNAVAILABLE',
    (reference: string, why: string) => `The base image ${reference} cannot be used: ${why}`,
    'In the Dockerfile, name a base image that the tenant registry has for this platform (`ARG REGISTRY`, `FROM $REGISTRY/base/…`). If it should be there, ask the provider for it.',
  ),
  /** ECR answers so before it says whether the repository is there. */
  baseImageForbidden: failure(
    'BASE_IMAGE_UNAVAILABLE',
    (reference: string, repository: string, refused: string) =>
      `The base image ${reference} cannot be used: there is no repository ${repository}, or the build role may not read it. ${refused}`,
    'Check the name in the Dockerfile first: base images are in `base/…` of the tenant registry (`FROM $REGISTRY/base/…`). If the name is right, ask the provider to let the build role read this repository (`PullBaseImages` in templates/iam/permissions/build.json).',
  ),
  imageAmbiguous: failure(
    'IMAGE_AMBIGUOUS',
    (what: string, details: readonly string[]) => ({
      message: `${what} can be read in more than one way: ${details.slice(0, 5).join('; ')}`,
      details,
    }),
    'Do not use this image. Build it again with a builder that writes each member once, spelled as in the OCI specification. Somebody may have made it so that another image runs than the one that is inspected.',
  ),
  buildArgumentReserved: failure(
    'BUILD_ARGUMENT_RESERVED',
    (details: readonly string[]) => ({
      message: `Build arguments must not carry these names or values: ${details.join('; ')}`,
      details,
    }),
    'Rename the argument. Give a credential by `secrets` or `secret-files`, and read it with RUN --mount=type=secret: an image keeps its arguments readable.',
  ),
  buildSecretInvalid: failure(
    'BUILD_SECRET_INVALID',
    (details: readonly string[]) => ({
      message: `The secrets of the build cannot be used: ${details.join('; ')}`,
      details,
    }),
    'Give `secrets` as ID=VARIABLE and `secret-files` as ID=PATH; a build without a secret that it was to have is not begun.',
  ),
  builderUnavailable: failure(
    'BUILDER_UNAVAILABLE',
    (why: string) => `Docker buildx cannot export an OCI layout on this runner: ${why}`,
    'Without a contract, add docker/setup-buildx-action in an earlier step. With one, ask the provider to name an image of BuildKit in it (`build.builder`), from which a builder is made for the build. Or use a runner whose Docker has the containerd image store or a docker-container builder. For a Dockerfile without RUN, `builder: own` needs neither.',
  ),
  buildFailed: failure(
    'BUILD_FAILED',
    (builder: string, why: string) => `${builder} could not build the image: ${why}`,
    "Read the builder's own lines above, and fix the Dockerfile or the program it runs.",
  ),
  notLoadable: failure(
    'BUILDER_UNAVAILABLE',
    (why: string) => `Docker cannot load the image on this runner: ${why}`,
    'Use a runner with a Docker engine, or leave `load` out. Nothing was built.',
  ),
  notLoaded: failure(
    'BUILD_FAILED',
    (why: string) => `The image was built, and Docker did not load it: ${why}`,
    'Look at the Docker engine of the runner. Leave `load` out if no later step runs the image.',
  ),
  fileChanged: failure(
    'BUILD_FAILED',
    (path: string) => `${path} changed while the image was built.`,
    'Run the job again. If it happens again, look for a step or a program that still writes to the workspace during the build.',
  ),
  layerTooLarge: failure(
    'LAYER_TOO_LARGE',
    (bytes: number, unpacked: string) =>
      `A layer of ${bytes} bytes unpacks to ${unpacked}; it was not read further.`,
    'Look at what made this layer. If it is meant, divide its content over several layers, or compress it less.',
  ),
  layerOverSize: failure(
    'LAYER_TOO_LARGE',
    (what: string, found: string, most: number) =>
      `${what} has ${found} where ${most} bytes are the most; it was not read further.`,
    'Look at what made this layer. If it is meant, divide its content over several layers. Where a manifest states another size than the registry sends, do not use the image.',
  ),
  layersTooLarge: failure(
    'LAYER_TOO_LARGE',
    (what: string, bytes: number, most: number) =>
      `The layers of ${what} have ${bytes} bytes together where ${most} are the most; none was read.`,
    'Check that the base image is the one you mean. If it is, build with buildx, which has no such limit.',
  ),
  manifestTooLarge: failure(
    'MANIFEST_TOO_LARGE',
    (what: string, found: string, most: number) =>
      `${what} has ${found} where ${most} bytes are the most; it was not read further.`,
    'Look at what made this image, and whether it is the one that you mean. Do not use it where its manifest states another size than the registry sends.',
  ),
  registryRefused: failure('REGISTRY_REFUSED', refusal, 'Read what the registry said. Nothing was tagged.'),
  /** The registry does not know who asks. */
  registryLoginExpired: failure(
    'REGISTRY_REFUSED',
    refusal,
    'The login is not valid, or no longer: run the job again. Nothing was tagged.',
  ),
  /** The registry knows who asks, and does not allow it. */
  registryForbids: failure(
    'REGISTRY_REFUSED',
    refusal,
    'Allow it to the role of this step, on this repository (templates/iam/permissions/build.json), and look at the policy of the repository itself. Nothing was tagged.',
  ),
  registryWithoutRepository: failure(
    'REGISTRY_REFUSED',
    refusal,
    'There is no such repository in this registry. Correct its name in the contract. The provider makes the repositories that the contract names.',
  ),
  registryTagImmutable: failure(
    'REGISTRY_REFUSED',
    refusal,
    "The tag belongs to another image, and tags in this repository never move. Run the job again: it uses the image that is there. If it happens again, look in the registry's log for who else pushes to this repository besides the build role.",
  ),
  registryUnreachable: failure(
    'REGISTRY_UNREACHABLE',
    (what: string, cause: unknown) => ({
      message: `The registry did not answer ${what}, also after repeating it: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    }),
    'Run the job again; a push that was begun is continued, not repeated.',
  ),
  tagTaken: failure(
    'TAG_TAKEN',
    (tag: string, digest: string) => `The tag ${tag} already belongs to another image, ${digest}.`,
    'Somebody else wrote this tag, which is made of the revision and its inputs and is never moved. Look in the log of the registry at who pushed it: the build role should be the only one that may.',
  ),
  pushNotConfirmed: failure(
    'PUSH_NOT_CONFIRMED',
    (expected: string, found: string) => `The registry was sent ${expected} but holds ${found}.`,
    'Do not use the image. Run the job again; if it persists, look for a proxy that rewrites images.',
  ),
};
