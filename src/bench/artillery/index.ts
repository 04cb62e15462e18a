/** Public entry `agentstream/load`: everything that an exported Artillery test imports. */
export { type ArtilleryContext, type ArtilleryEvents, createVirtualUser, type VirtualUser } from './virtual-user.ts';
export type { TestAuth, TestSettings } from './render-test.ts';
