export * from './directory-vault.ts';
export * from './key.ts';
export * from './memory-vault.ts';
export * from './objects.ts';
export type * from './ports.ts';
