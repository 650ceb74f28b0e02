import { SUITE, TIMEOUT } from './given-globals.ts';

/** The process itself as what a suite runs in. What Jest or a suite sets there is put back when the suite has ended. */
export default class NativeEnvironment {
  readonly global = globalThis;
  readonly #console = globalThis.console;
  readonly #exit = process.exit;
  readonly #env = { ...process.env };
  readonly #folder = process.cwd();
  readonly #suite: string;

  constructor(_config: unknown, { testPath }: { readonly testPath: string }) {
    this.#suite = testPath;
  }

  async setup(): Promise<void> {
    process.env[SUITE] = this.#suite; // so that what a suite starts can say for whom it was
  }

  async teardown(): Promise<void> {
    globalThis.console = this.#console;
    process.exit = this.#exit;
    if (process.cwd() !== this.#folder) process.chdir(this.#folder);
    for (const name of Object.keys(process.env)) if (!(name in this.#env)) delete process.env[name];
    Object.assign(process.env, this.#env);
    Reflect.deleteProperty(globalThis, TIMEOUT);
  }

  getVmContext(): null {
    return null;
  }

  exportConditions(): readonly string[] {
    return ['node', 'node-addons'];
  }
}
