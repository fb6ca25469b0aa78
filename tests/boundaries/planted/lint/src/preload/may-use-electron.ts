// expect: nothing
import { contextBridge } from 'electron';
export const bridge = contextBridge;
