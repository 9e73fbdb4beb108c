// Smaller buffers are not worth the call.
const WORTH_IT = 64 * 1024

/**
 * Gives a large buffer's memory back now instead of at some later garbage collection: memory outside the heap does not
 * hurry the collector, and a run handles gigabytes of it. The buffer, and every view of it, is empty afterwards.
 */
export function releaseMemory(bytes: Uint8Array<ArrayBuffer>): void {
  if (bytes.buffer.byteLength >= WORTH_IT) bytes.buffer.transfer(0)
}
