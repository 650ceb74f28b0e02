import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { give, type SuiteGlobals } from './given-globals.ts';

const GLOBALS = new URL('./suite-globals.ts', import.meta.url).href;
const LISTENERS = Symbol.for('EVENT_HANDLERS');

const ROOT = new URL('../../../../', import.meta.url).href;

/** Whether a suite has a module for itself: those of a test folder, and the source that declares tests. */
function isOfASuite(url: string): boolean {
  const path = url.startsWith(ROOT) ? url.slice(ROOT.length) : '';
  return /^(?:(?:packages|actions|local)\/[^/]+\/test\/.*|tests\/.*|packages\/testkit\/src\/optional-tool)\.ts(?:\?|$)/.test(
    path,
  );
}

/** How many suites this process has begun, and which files it has loaded as suites. */
let begun = 0;
const loaded = new Set<string>();

registerHooks({
  resolve(specifier, context, next) {
    const { parentURL = '' } = context;
    if (specifier === '@jest/globals') {
      // It would declare the tests of each later suite in the first.
      if (!isOfASuite(parentURL))
        throw new Error(`${parentURL} is shared by suites and cannot import ${specifier}`);
      return { url: `${GLOBALS}?suite=${begun}`, format: 'module-typescript', shortCircuit: true };
    }
    const found = next(specifier, context);
    return parentURL !== import.meta.url && isOfASuite(found.url)
      ? { ...found, url: `${found.url}?suite=${begun}` }
      : found;
  },
});

/**
 * Jest's runtime, as far as its runner calls it, that lets Node load the modules in place of a virtual machine for each
 * suite. A process loads a source or a package once; what stands in a test folder it loads for each suite that imports it.
 * Mocks of modules and Jest's coverage are not to be had so. All else (workers, hooks, timeouts, reports) stays Jest's own.
 */
export default class NativeRuntime {
  readonly #require = createRequire(import.meta.url);

  /** Jest's adapter keeps the state of one suite in its module, and its listeners beside it. */
  requireInternalModule(path: string): unknown {
    delete this.#require.cache[path];
    Reflect.deleteProperty(globalThis, LISTENERS);
    return this.#require(path);
  }

  requireModule(path: string): unknown {
    return this.#require(path);
  }

  unstable_shouldLoadAsEsm(): boolean {
    return true;
  }

  unstable_importModule(path: string): Promise<unknown> {
    begun += 1;
    const again = loaded.has(path) ? `?suite=${begun}` : '';
    loaded.add(path);
    return import(`${pathToFileURL(path).href}${again}`);
  }

  setGlobalsForRuntime(globals: SuiteGlobals): void {
    give(globals);
  }

  enterTestCode(): void {}

  leaveTestCode(): void {}

  getSourceMaps(): null {
    return null;
  }

  getAllCoverageInfoCopy(): undefined {
    return undefined;
  }

  teardown(): void {}
}
