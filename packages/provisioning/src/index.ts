export { contractOfSize, LONGEST_PROVIDER, SHAPES } from './contract-of-size.ts';
export { type RenderedEnvironment, renderEnvironment, renderTenant } from './environment.ts';
export { lintDocuments, sizesOf } from './lint-documents.ts';
export { type Column, sizesTable } from './sizes-table.ts';
export type { Released } from './values.ts';
