/** Source: https://learn.microsoft.com/graph/onenote-images-files */
export const dataParts = 6
export const imagesPerPost = 30
export const partBytes = 25 * 1024 * 1024

/** Source: https://learn.microsoft.com/graph/onenote-error-codes (20155, 20129) */
export const notebookNameLength = 128
export const nameLength = 50
export const defaultPage = 20
export const largestPage = 100
