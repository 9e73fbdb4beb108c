/** Where a person signs in: a window of the app, or the system's browser. */
export interface SignInWindow {
  /**
   * Shows the sign-in page, waits until it has sent the person back, and resolves with the whole address that it came
   * back to. `pageFor` gives the page's address once it is known where the window can be sent back to (`redirectUri`;
   * the app registration has to know it). Rejects with `auth.declined` when the window was closed, or with `cancelled`.
   */
  open(pageFor: (redirectUri: string) => Promise<string>, signal?: AbortSignal): Promise<string>
}
