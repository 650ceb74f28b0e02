interface Running {
  now: number;
  processes: number;
}

/** One start of the action: its process, what time is to it, and whose entries it writes. */
export function modelRun<State extends Running>(state: State, advance: (state: State, to: number) => void) {
  state.processes += 1;
  const process = `p${state.processes}`;
  return {
    process,
    time: { now: () => state.now },
    sleep: async (milliseconds: number) => advance(state, state.now + milliseconds),
    by: { run: process, attempt: 1, actor: 'schedule', commit: 'c0ffee', process },
  };
}

/** The person who starts a run says that the key has leaked, until the record says so. */
export function leakWish(
  leaked: boolean | undefined,
  vault: ReadonlyMap<string, Uint8Array>,
): { readonly wish?: 'compromise' } {
  const told = [...vault.values()].some((bytes) => Buffer.from(bytes).includes('compromise'));
  return leaked && !told ? { wish: 'compromise' } : {};
}
