/** Of an item, the part that is its own content; others are named by what they are. */
export const CONTENT_PART = 'content'
