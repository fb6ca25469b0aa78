// expect: nothing
import { lines } from './console.ts';
export const count = lines.length;
