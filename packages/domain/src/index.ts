export * from './canonical.ts';
export * from './change.ts';
export * from './digest.ts';
export * from './duty.ts';
export * from './github-accounts.ts';
export * from './image.ts';
export * from './names.ts';
export * from './severity.ts';
