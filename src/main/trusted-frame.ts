/** What is looked at of Electron's WebFrameMain. */
interface SenderFrame {
  readonly origin: string;
  readonly parent: object | null;
}

/** True only for the main frame of a page of ours: an embedded frame has a parent, a foreign page another origin. */
export function isTrustedFrame(frame: SenderFrame | null, trustedOrigin: string): boolean {
  return frame?.parent === null && frame.origin === trustedOrigin;
}
