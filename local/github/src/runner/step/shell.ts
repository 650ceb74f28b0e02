/** The command of a `run` step's shell; `{0}` is the script (GitHub, "Workflow syntax": jobs.<job_id>.steps[*].shell). */
export function shellCommand(shell: string | undefined, script: string): readonly [string, ...string[]] {
  if (shell === undefined) return ['bash', '-e', script];
  if (shell === 'bash') return ['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail', script];
  if (shell === 'sh') return ['sh', '-e', script];
  if (shell === 'python') return ['python', script];
  const [program = shell, ...options] = shell.split(/\s+/);
  return [program, ...options.map((option) => option.replace('{0}', script))];
}

/** Why this shell can't be used; undefined when it can. */
export function shellProblem(shell: string): string | undefined {
  if (/^(bash|sh|python)$/.test(shell) || shell.includes('{0}') || shell.includes('${{')) return undefined;
  return `The shell '${shell}' is not supported: bash, sh, python, or a command of its own with {0}.`;
}
