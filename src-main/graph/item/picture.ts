/** Bytes of a picture that Graph takes as a photo: the whole request may have 4 MB. */
export const mostPhotoBytes = 4 * 1000 * 1000

/** Media type of a picture, by how it begins; JPEG, as which Graph itself keeps photos, if it is none of the others. */
export function imageType(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 8)).toString('latin1')
  if (start.startsWith('\x89PNG')) return 'image/png'
  if (start.startsWith('GIF8')) return 'image/gif'
  return start.startsWith('BM') ? 'image/bmp' : 'image/jpeg'
}
