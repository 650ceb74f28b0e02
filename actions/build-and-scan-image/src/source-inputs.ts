import type { AloneInputs, BuildInputs } from './inputs.ts';

/** What an image is made from, as either way of using this action takes it. */
export type SourceInputs = Pick<
  BuildInputs | AloneInputs,
  | 'context'
  | 'context-megabytes'
  | 'dockerfile'
  | 'platforms'
  | 'target'
  | 'build-contexts'
  | 'build-args'
  | 'secrets'
  | 'secret-files'
  | 'secrets-variable'
  | 'labels'
  | 'annotations'
> & {
  /** A Dockerfile of the workspace, in place of one in the context. */
  readonly file?: string | undefined;
};
