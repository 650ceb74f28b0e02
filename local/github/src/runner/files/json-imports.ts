import { registerHooks } from 'node:module';

/**
 * @actions/workflow-parser imports its schemas as JSON without the attribute that Node asks for. This hook supplies
 * it, for that package alone; it must be imported before the package is.
 */
registerHooks({
  load: (url, context, next) =>
    url.includes('/@actions/workflow-parser/') && url.endsWith('.json')
      ? next(url, { ...context, importAttributes: { ...context.importAttributes, type: 'json' } })
      : next(url, context),
});
