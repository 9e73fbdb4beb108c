import type { Attachment } from 'svelte/attachments'

/** Enter in a field of a picker searches or chooses: it does not send the form around it. */
export const noSubmit: Attachment<HTMLElement> = (element) => {
  const keep = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement) event.preventDefault()
  }
  element.addEventListener('keydown', keep)
  return () => element.removeEventListener('keydown', keep)
}
