import type { WebFrameMain } from 'electron';

/** True only for the main frame of a page of ours: an embedded frame has a parent, a foreign page another origin. */
export function isTrustedFrame(
  frame: Pick<WebFrameMain, 'origin' | 'parent'> | null,
  trustedOrigin: string,
): boolean {
  return frame?.parent === null && frame.origin === trustedOrigin;
}
