import type { Part } from './parts.ts';
import type { ShellStatement } from './read-script.ts';
import { type Placed, standingOf } from './standing.ts';
import type { ScriptVariables } from './variables.ts';

/** The statements of a script in their order, and from where to where each part reaches. */
export class Places {
  readonly placed: Placed[] = [];
  readonly #spans = new Map<Part, readonly [number, number]>();
  readonly #parts: readonly Part[];

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  /** Of each command that becomes a step: where it begins in `placed`, -1 for an earlier step, and where it ends. */
  get spans(): readonly (readonly [from: number, to: number])[] {
    return [...this.#spans.values()];
  }

  place(statement: ShellStatement, variables: ScriptVariables): void {
    const other = this.#parts.some((part) => part.kind === 'shell' && part.statements.includes(statement));
    this.placed.push({ statement, standing: other ? standingOf(statement, variables) : 'ours' });
  }

  /** The statements from the first to the last of a part: what is between them would come after it. */
  extend(part: Part): void {
    const at = this.placed.length;
    const from = this.#spans.get(part)?.[0] ?? (this.#parts.includes(part) ? at : -1);
    this.#spans.set(part, [from, at]);
  }
}
