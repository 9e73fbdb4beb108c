import type { Attachment } from 'svelte/attachments'

/** Calls `see` once, when the element comes into view: what costs requests waits until somebody looks. */
export function whenSeen(see: () => void): Attachment<HTMLElement> {
  return (element) => {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return
      observer.disconnect()
      see()
    })
    observer.observe(element)
    return () => observer.disconnect()
  }
}
