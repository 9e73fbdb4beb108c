/**
 * What Exchange takes in one request, and what it takes at all.
 * https://learn.microsoft.com/graph/outlook-large-attachments
 */

/** Bytes of a create request; Graph refuses above 4 MB. */
export const createBytes = 3_500_000

/** Attachments of this size and more need an upload session, which is refused for smaller ones. */
export const sessionBytes = 3 * 1024 * 1024

/** Bytes of a request that adds one attachment. */
export const attachBytes = 4 * 1024 * 1024

/** Largest attachment that an upload session takes. */
export const largestAttachment = 150 * 1024 * 1024

/** One range of an upload: below 4 MB, a multiple of 320 KiB. */
export const rangeBytes = 12 * 320 * 1024

/** Bytes of the JSON that a text may take in a create request; a longer one becomes a file on the message. */
export const bodyBytes = 2_500_000

/** Bytes of the original header that go along with a message. */
export const headerBytes = 64 * 1024

/** Custom headers that a create request may have. */
export const customHeaders = 5
