/** The part of `npm run build` that is in C. */
import { ensureNativeLibrary } from './setup/native-library.mjs';

await ensureNativeLibrary({ log: console.log });
