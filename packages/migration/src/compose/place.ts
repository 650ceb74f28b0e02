import type { Expanded } from '../scripts/expand.ts';
import type { FileAt } from '../workflow.ts';

/** Where a compose command runs. */
export interface ComposePlace {
  /** Folder of the workspace. */
  readonly folder: string;
  readonly fileAt: FileAt;
  /** What may write or change this file before the command runs. */
  writerOf(file: string): string | undefined;
  /** What the command finds under a name in its environment; nothing where only its shell can say whether there is one. */
  environment(name: string): InEnvironment | undefined;
  /** Whether the script itself sets it. */
  isOfTheScript(name: string): boolean;
  /** What a shell makes of a text here; `names` are in it. It must end where a file gives a name another value. */
  ask(text: string, names: readonly string[], unless?: UnlessFile): Expanded;
  /** A text with what the workflow says of its expressions. */
  resolve(text: string): string;
  /** Whether an expression has a value in every run. */
  isGiven(expression: string): boolean;
}

/** A file of variables that may be there when the job runs, and the names that it must not set. */
export interface UnlessFile {
  readonly file: string;
  readonly names: readonly string[];
}

/** `ofCommand`: it stands before the command, and the shell does not have it. */
export type InEnvironment = Expanded & { readonly ofCommand?: true };
