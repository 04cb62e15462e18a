/** The door of the load: all that a test needs that `bench export artillery` wrote. */
export {
  type ArtilleryContext,
  type ArtilleryEvents,
  createVirtualUser,
  type VirtualUser,
} from './virtual-user.ts';
export type { TestAuth, TestSettings } from './exported-test.ts';
