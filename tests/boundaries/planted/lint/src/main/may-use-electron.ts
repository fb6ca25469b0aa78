// expect: nothing
import { app } from 'electron';
export type Version = string;
export const version: Version = app.getVersion();
