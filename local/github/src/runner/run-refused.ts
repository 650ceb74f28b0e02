/** Something wrong with a workflow, an action or the way the run was asked for. Lines and columns count from 1. */
export interface Problem {
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** Nothing ran: GitHub would show the run as a startup failure, or would not have started it. Lists every problem. */
export class RunRefused extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(`Nothing was run:\n${problems.map((problem) => `  ${sentence(problem)}`).join('\n')}`);
    this.name = 'RunRefused';
    this.problems = problems;
  }
}

function sentence({ file, line, column, message }: Problem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return place ? `${place}: ${message}` : message;
}
