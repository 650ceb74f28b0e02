/** The command of a `run` step's shell; `{0}` is the script (GitHub, "Workflow syntax": jobs.<job_id>.steps[*].shell). */
export function shellCommand(shell: string | undefined, script: string): readonly [string, ...string[]] {
  if (shell === undefined) return ['bash', '-e', script];
  if (shell === 'bash') return ['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail', script];
  return ['sh', '-e', script];
}

/** Why this shell can't be used; undefined when it can. */
export function shellProblem(shell: string): string | undefined {
  if (shell === 'bash' || shell === 'sh' || shell.includes('${{')) return undefined;
  return `The shell '${shell}' is not supported: bash or sh.`;
}
