import { FRAMEWORK_SHAPES } from './stream-shapes-framework.ts';
import { MODEL_SHAPES } from './stream-shapes-model.ts';
import { PLAIN_SHAPES } from './stream-shapes-plain.ts';
import { PLATFORM_SHAPES } from './stream-shapes-platform.ts';

/** Every shape that is read, a row each. */
export const STREAM_SHAPES = [...MODEL_SHAPES, ...FRAMEWORK_SHAPES, ...PLATFORM_SHAPES, ...PLAIN_SHAPES];
