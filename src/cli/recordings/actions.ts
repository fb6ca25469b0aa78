/** What `corescope recordings` can do. Here alone, so that the help need not load the rest. */
export const recordingActions = [
  'list',
  'pin',
  'unpin',
  'tag',
  'untag',
  'note',
  'rename',
  'remove',
  'clean',
  'path',
] as const;
export type RecordingAction = (typeof recordingActions)[number];
