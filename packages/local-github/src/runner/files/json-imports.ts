import { registerHooks } from 'node:module';

/**
 * @actions/workflow-parser imports its schemas as JSON without the attribute that Node asks for. This hook supplies
 * it, for that package alone; it must be imported before the package is. Jest has a loader of its own, which loads
 * JSON without being asked and refuses hooks.
 */
if (process.env['JEST_WORKER_ID'] === undefined) {
  registerHooks({
    load: (url, context, next) =>
      url.includes('/@actions/workflow-parser/') && url.endsWith('.json')
        ? next(url, { ...context, importAttributes: { ...context.importAttributes, type: 'json' } })
        : next(url, context),
  });
}
