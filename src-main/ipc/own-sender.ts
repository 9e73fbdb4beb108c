import type { WebContents, WebFrameMain } from 'electron'

interface Sent {
  readonly sender: WebContents
  readonly senderFrame: WebFrameMain | null
}

/** Whether a message comes from the top frame of the window, and that shows the program's own page. */
export function isOwnSender(
  { sender, senderFrame }: Sent,
  window: WebContents | undefined,
  isOwnPage: (address: string) => boolean,
): boolean {
  // A frame that is gone already is null, or throws when it is asked.
  if (window === undefined || senderFrame === null || sender.id !== window.id) return false
  try {
    return senderFrame.parent === null && isOwnPage(senderFrame.url)
  } catch {
    return false
  }
}
